/*
 * Computes what the commands in flight may do to the world, in any order, and whether the order matters. Both depend
 * only on the world and on these commands, so they are computed once.
 */
import type { CommandContract } from '../../contract';
import type { EffectOutcome, Effects } from './effects';
import type { Message, Scene } from './scene';

interface Pending {
  readonly key: string;
  readonly command: CommandContract;
  readonly payload: object;
  readonly id: string;
  /** The command that has to take effect first; otherwise this one does nothing. */
  readonly requires: string | undefined;
}

export interface PendingOutlook {
  /** True when no two of them depend on each other, in any world on the way. */
  readonly commute: boolean;
  /** True when no world on the way breaks a promise. */
  readonly sound: boolean;
}

const NOTHING_TO_COME: PendingOutlook = { commute: true, sound: true };

export class PendingEffects {
  private readonly known = new Map<string, PendingOutlook>();

  constructor(
    private readonly effects: Effects,
    /** Checks the world of a scene; returns the same for all scenes of one phase. */
    private readonly judge: (scene: Scene) => string | undefined,
    private readonly phaseOf: (scene: Scene) => string,
  ) {}

  outlook(scene: Scene): PendingOutlook {
    const pending = pendingIn(scene, this.effects);
    return pending.length === 0 ? NOTHING_TO_COME : this.analyze(scene, pending, this.phaseOf(scene));
  }

  private analyze(scene: Scene, pending: readonly Pending[], phase: string): PendingOutlook {
    const key = `${phase} ${this.effects.worlds.numberOf(scene.world)} ${keyOf(pending)}`;
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
      const rest = this.analyze(next, without(pending, one), phase);
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

/** Returns the commands that may still take effect; a compensation whose action did not happen does nothing. */
function pendingIn({ messages }: Scene, effects: Effects): readonly Pending[] {
  const pending: Pending[] = [];
  for (const { command, row } of messages) {
    if (row !== undefined) continue;
    const undone = command.undoes === undefined ? undefined : messageOf(messages, command.undoes);
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

function messageOf(messages: Scene['messages'], id: string): Message | undefined {
  return messages.find(({ command }) => command.commandId === id);
}

function isWithoutEffect({ row }: Message): boolean {
  return row !== undefined && row.outcome !== 'success';
}

/** Returns the remaining commands after one has taken effect. */
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
