import { stepNamed, type SagaDefinition } from '../../definition';
import type { Direction } from '../../contract';
import type { SagaState } from '../../engine';
import type { Post, Scene } from './scene';

interface Counts {
  readonly done: number;
  readonly undone: number;
}

/** An effect happens at most once; when the saga is COMPLETED just once, and when it is COMPENSATED it was taken back. */
export function brokenEffects(definition: SagaDefinition, { saga, posts }: Scene): string | undefined {
  const twice = posts.find(({ effects }) => effects > 1);
  if (twice) return `${twice.command.command.name} took effect ${twice.effects} times`;
  for (const name of Object.keys(saga.steps)) {
    const broken = brokenBy(definition, saga, name, countsOf(posts, name));
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** Whether that may be broken once some of what was sent and not handled yet takes effect. */
export function mayBreakEffects(definition: SagaDefinition, { saga, posts }: Scene): boolean {
  const pending = posts.filter(({ row }) => row === undefined);
  return pending.some(({ command: { step } }) => {
    const own = posts.filter(({ command }) => command.step === step);
    return possibleCounts(own, countsOf(own, step)).some(
      (counts) => brokenBy(definition, saga, step, counts) !== undefined,
    );
  });
}

function brokenBy(
  definition: SagaDefinition,
  saga: SagaState,
  name: string,
  { done: acted, undone }: Counts,
): string | undefined {
  const kind = stepNamed(definition, name)?.kind;
  if (kind === 'wait') return undefined;
  const status = saga.steps[name]?.status;
  const done = kind === 'compensation' ? 1 : acted;
  if (done > 1) return `the action of ${name} took effect ${done} times`;
  if (undone > done) return `${name} was taken back more often than it was done`;
  if (saga.status === 'COMPENSATED' && done !== undone && status !== 'COMPENSATION_SKIPPED')
    return `it is COMPENSATED, and ${name} was not taken back`;
  if (saga.status === 'COMPLETED' && (done !== (status === 'SKIPPED' ? 0 : 1) || undone !== 0))
    return `it is COMPLETED, and ${name} was done ${done} times and taken back ${undone} times`;
  return undefined;
}

/** What these counts may become while the commands of one step that are not handled yet are, in any order. */
function possibleCounts(posts: readonly Post[], counts: Counts): readonly Counts[] {
  return posts.flatMap((post) => {
    if (post.row !== undefined) return [];
    const { undoes, commandId: id, direction } = post.command;
    const undone = posts.find(({ command }) => command.commandId === undoes);
    if (undoes !== undefined && undone?.row?.outcome !== 'success') return [];
    const next: Counts =
      direction === 'action' ? { ...counts, done: counts.done + 1 } : { ...counts, undone: counts.undone + 1 };
    const row = { id, outcome: 'success', reply: null, digest: null } as const;
    const handled = posts.map((each) => (each === post ? { ...each, row } : each));
    return [next, ...possibleCounts(handled, next)];
  });
}

function countsOf(posts: readonly Post[], name: string): Counts {
  return { done: effectsOf(posts, name, 'action'), undone: effectsOf(posts, name, 'compensation') };
}

function effectsOf(posts: readonly Post[], name: string, way: Direction): number {
  let effects = 0;
  for (const post of posts) if (post.command.step === name && post.command.direction === way) effects += post.effects;
  return effects;
}
