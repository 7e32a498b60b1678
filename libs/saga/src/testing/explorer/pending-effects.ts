/*
 * What commands that are sent and not handled yet may do to the world, in whatever order they are handled, and whether the
 * order makes a difference. Both depend on the world and on these commands alone, so they are looked into once.
 */
import type { CommandContract } from '../../contract';
import type { EffectOutcome, Effects } from './effects';
import type { Post, Scene } from './scene';

interface Pending {
  readonly key: string;
  readonly command: CommandContract;
  readonly payload: object;
  readonly id: string;
  /** The command that has to take effect first; without it, this one does nothing. */
  readonly requires: string | undefined;
}

export interface PendingOutlook {
  /** No two of them, in any world on the way, make a difference to each other. */
  readonly commute: boolean;
  /** All worlds on the way are as they should be. */
  readonly sound: boolean;
}

const NOTHING_TO_COME: PendingOutlook = { commute: true, sound: true };

export class PendingEffects {
  private readonly known = new Map<string, PendingOutlook>();

  constructor(
    private readonly effects: Effects,
    /** What is wrong with a scene's world; the same for all scenes of one kind. */
    private readonly judge: (scene: Scene) => string | undefined,
    private readonly kindOf: (scene: Scene) => string,
  ) {}

  outlook(scene: Scene): PendingOutlook {
    const pending = pendingIn(scene, this.effects);
    return pending.length === 0 ? NOTHING_TO_COME : this.lookInto(scene, pending, this.kindOf(scene));
  }

  private lookInto(scene: Scene, pending: readonly Pending[], kind: string): PendingOutlook {
    const key = `${kind} ${this.effects.worlds.numberOf(scene.world)} ${keyOf(pending)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const ready = pending.filter(({ requires }) => requires === undefined);
    let commute = ready.every((one, index) =>
      ready.slice(index + 1).every((other) => this.areIndependent(scene.world, one, other)),
    );
    let sound = true;
    for (const one of ready) {
      const outcome = this.after(scene.world, one);
      if (outcome.kind !== 'done') continue;
      const next = { ...scene, world: outcome.world };
      const rest = this.lookInto(next, without(pending, one), kind);
      sound &&= rest.sound && (outcome.world === scene.world || this.judge(next) === undefined);
      commute &&= rest.commute;
    }
    const outlook = { commute, sound };
    this.known.set(key, outlook);
    return outlook;
  }

  private areIndependent(world: unknown, one: Pending, other: Pending): boolean {
    const [first, second] = [this.after(world, one), this.after(world, other)];
    const then = this.after(worldAfter(world, first), other);
    const before = this.after(worldAfter(world, second), one);
    return areAlike(first, before, false) && areAlike(second, then, false) && areAlike(then, before, true);
  }

  private after(world: unknown, { command, payload }: Pending): EffectOutcome {
    return this.effects.of(world, command, payload);
  }
}

function worldAfter(world: unknown, outcome: EffectOutcome): unknown {
  return outcome.kind === 'done' ? outcome.world : world;
}

function areAlike(a: EffectOutcome, b: EffectOutcome, worlds: boolean): boolean {
  if (worlds) return a.kind !== 'done' || b.kind !== 'done' || a.world === b.world;
  if (a.kind === 'refused' && b.kind === 'refused') return a.refusal.reason === b.refusal.reason;
  return a.kind === b.kind;
}

/** The commands that may still take effect; one that undoes what has not happened does nothing. */
function pendingIn({ posts }: Scene, effects: Effects): readonly Pending[] {
  const pending: Pending[] = [];
  for (const { command, row } of posts) {
    if (row !== undefined) continue;
    const undone = command.undoes === undefined ? undefined : postOf(posts, command.undoes);
    if (command.undoes !== undefined && (undone === undefined || isWithoutEffect(undone))) continue;
    pending.push({
      key: effects.keyOf(command.command, command.payload),
      command: command.command,
      payload: command.payload,
      id: command.commandId,
      requires: undone && undone.row === undefined ? command.undoes : undefined,
    });
  }
  return pending;
}

function postOf(posts: Scene['posts'], id: string): Post | undefined {
  return posts.find(({ command }) => command.commandId === id);
}

function isWithoutEffect({ row }: Post): boolean {
  return row !== undefined && row.outcome !== 'success';
}

/** What is still to come when one has taken effect. */
function without(pending: readonly Pending[], { id }: Pending): readonly Pending[] {
  return pending
    .filter((each) => each.id !== id)
    .map((each) => (each.requires === id ? { ...each, requires: undefined } : each));
}

function keyOf(pending: readonly Pending[]): string {
  const keys = pending.map(({ key, requires }) => {
    const required = requires === undefined ? undefined : pending.find(({ id }) => id === requires);
    return required ? `${key}<${required.key}` : key;
  });
  return keys.toSorted().join(' ');
}
