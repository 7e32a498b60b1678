/*
 * Two scenes are alike when whatever may happen to one may happen to the other, and leads to the same end. So the key of a
 * scene holds everything that the protocol looks at, and leaves out what it does not:
 *
 * 1. Ids: a command is known by its place among all that were sent.
 * 2. Instants: only their order counts, and which of them are past.
 * 3. Counts: a try that is never given up counts only up to the next pause for attention.
 * 4. The past: of a step that has nothing left to take back it does not matter how that came, of an attempt that failed
 *    that there was one.
 *
 * With observations it also leaves out what only functions could look at that do not:
 *
 * 5. Why the saga is taken back, but for what the compensations that ask for it make of it.
 * 6. Payloads that no effect reads.
 * 7. Signals that no wait can take any more.
 * 8. Whether an operator has left a step as it is of which no effect is there, nor will be: only that there is such a step
 *    makes a difference, since less is promised then.
 */
import { stepNamed, stepsOf, type Invocation, type SagaDefinition, type StepDefinition } from '../../definition';
import type { Exchange, SagaState, StepState, StepStatus } from '../../engine';
import { CauseKeys } from './cause-keys';
import { leftSomething } from './judge';
import { isUnderDeadline, lastInstants, wakeUpOf } from './moves';
import type { Observations } from './observations';
import { isSpent, type Post, type Scene } from './scene';

/** Makes keys of the scenes of one definition. */
export class SceneKeys {
  private readonly values = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();
  private readonly parts = new Map<string, number>();
  private readonly causes: CauseKeys | undefined;

  constructor(
    private readonly definition: SagaDefinition,
    private readonly observations?: Observations,
  ) {
    const idOf = (value: unknown): number => this.idOf(value);
    this.causes = observations && new CauseKeys(definition, observations, idOf);
  }

  of(scene: Scene): string {
    const { saga, world } = scene;
    const { status, stage, pause, cause } = saga;
    const instants = this.instantsOf(scene);
    let key = `${status}/${stage}/${this.idOf(world)}`;
    if (this.observations && leftSomething(saga)) key += '/left';
    for (const service of scene.held) key += `/${service}`;
    if (pause) key += `/${pause.reason} ${pause.during} ${pause.step}`;
    if (cause) key += `/${this.causes?.of(saga) ?? `${cause.kind} ${cause.step} ${cause.reason}`}`;
    if (isUnderDeadline(saga, this.definition)) key += `/${rank(instants, saga.deadlineAt as number)}`;
    const back = (pause?.during ?? status).startsWith('COMPENSAT');
    for (const [name, payload] of Object.entries(saga.signals ?? {}))
      if (this.isOfUse(name, saga)) key += `~${name}${this.idOf(payload)}`;
    // A letter for each part keeps millions of keys small.
    let letters = this.letterOf(key);
    for (const name of Object.keys(saga.steps))
      letters += this.letterOf(`${name}|${this.stepKey(name, scene, back, instants)}`);
    return letters;
  }

  private letterOf(part: string): string {
    const known = this.parts.get(part);
    const number = known ?? this.parts.size;
    if (known === undefined) this.parts.set(part, number);
    return String.fromCodePoint(number < FIRST_SURROGATE ? number : number + SURROGATES);
  }

  private isOfUse(signal: string, { steps }: SagaState): boolean {
    if (this.observations === undefined) return true;
    return stepsOf(this.definition).some(({ name, wait }) => {
      const { status } = steps[name] ?? {};
      return wait?.signal.name === signal && (status === 'PENDING' || status === 'INVOKED');
    });
  }

  private stepKey(name: string, { saga, posts }: Scene, back: boolean, instants: readonly number[]): string {
    const { status, exchange, held, reply, awaitsUntil } = saga.steps[name] as StepState;
    const closed = back && LEFT_NOTHING.includes(status);
    // What an operator left is kept apart: of it alone it is no surprise that it has its effect.
    const left = status === 'COMPENSATION_SKIPPED' && (this.observations === undefined || isUnfinished(name, posts));
    let key: string = closed && !left ? 'closed' : status;
    if (!closed && reply !== undefined) key += `=${this.idOf(reply)}`;
    if (exchange) key += exchangeKey(stepNamed(this.definition, name) as StepDefinition, exchange, instants);
    if (held) key += ` held ${rank(instants, held.checkAt)}`;
    if (awaitsUntil !== undefined) key += ` until ${rank(instants, awaitsUntil)}`;
    let effects = 0;
    for (const post of posts) {
      if (post.command.step !== name) continue;
      effects += post.command.direction === 'action' ? post.effects : -post.effects;
      if (closed ? post.row === undefined : !isSpent(post) || isAwaited(post, exchange))
        key += `;${this.postKey(post, exchange)}`;
    }
    return closed ? `${key}${effects}` : key;
  }

  private postKey(post: Post, exchange: Exchange | undefined): string {
    const { command, row, effects } = post;
    const name = `${isAwaited(post, exchange) ? '!' : ''}${command.direction === 'action' ? '+' : '-'}${effects}`;
    if (row === undefined) return this.isRead(command.command) ? `${name}@${this.idOf(command.payload)}` : name;
    const { answer, outcome } = row;
    if (answer === undefined) return `${name}${outcome}`;
    return answer.kind === 'replied' ? `${name}=${this.idOf(answer.reply)}` : `${name}${answer.objection.reason}`;
  }

  private isRead(command: Post['command']['command']): boolean {
    return this.observations?.readsPayload(command) ?? true;
  }

  /** One number for all values that are alike. */
  private idOf(value: unknown): number {
    const known = this.values.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value) ?? '';
    const id = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, id);
    this.values.set(value, id);
    return id;
  }

  private instantsOf({ saga, now }: Scene): readonly number[] {
    const instants = [now];
    // Nothing wakes a saga that stands still, and resuming it sends everything anew.
    if (saga.status !== 'PAUSED')
      for (const step of Object.values(saga.steps)) {
        const wakeAt = wakeUpOf(step);
        if (wakeAt !== undefined && wakeAt > now) instants.push(wakeAt);
      }
    instants.push(...lastInstants(saga, this.definition));
    return instants.toSorted((a, b) => a - b);
  }
}

const FIRST_SURROGATE = 0xd8_00;
const SURROGATES = 0x8_00;

const LEFT_NOTHING: readonly StepStatus[] = ['COMPENSATED', 'REFUSED', 'FAILED', 'SKIPPED', 'COMPENSATION_SKIPPED'];

function isUnfinished(name: string, posts: readonly Post[]): boolean {
  let effects = 0;
  for (const { command, effects: own, row } of posts) {
    if (command.step !== name) continue;
    if (row === undefined) return true;
    effects += command.direction === 'action' ? own : -own;
  }
  return effects !== 0;
}

function isAwaited({ command }: Post, exchange: Exchange | undefined): boolean {
  return exchange?.commandId === command.commandId;
}

function exchangeKey(step: StepDefinition, exchange: Exchange, instants: readonly number[]): string {
  const { direction, waitsFor, wakeAt } = exchange;
  if (step.child) return ` ${waitsFor === 'reply' ? 'r' : 'n'}${rank(instants, wakeAt)}`;
  const invocation = (direction === 'action' ? step.action : step.compensation) as Invocation;
  const endless = direction === 'compensation' || step.kind === 'retriable';
  const [attempt, sends] = endless ? untilAttention(exchange, invocation) : upTo(exchange, invocation);
  return ` ${attempt} ${sends} ${waitsFor === 'reply' ? 'r' : 'n'}${rank(instants, wakeAt)}`;
}

function untilAttention({ attempt, sends }: Exchange, { attentionAfter }: Invocation): readonly [number, number] {
  return [attempt % attentionAfter, sends % attentionAfter];
}

function upTo({ attempt, sends }: Exchange, { attempts }: Invocation): readonly [number, number] {
  return [Math.min(attempt, attempts), Math.min(sends, attempts)];
}

/** The place of an instant among those to come; what is past is 0. */
function rank(instants: readonly number[], instant: number): number {
  const place = instants.indexOf(instant);
  return place < 0 ? 0 : place;
}
