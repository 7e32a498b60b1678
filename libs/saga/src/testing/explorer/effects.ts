/* What commands do to worlds: each effect is computed once per world, and per payload if it reads the payload. */
import { isRefusal, type CommandContract, type Refusal } from '../../contract';
import type { Observations } from './observations';
import type { Worlds } from './worlds';

/**
 * A pure function of the world and the payload. Returns the world after the command took effect, or a refusal; what it
 * throws is a failure.
 */
export type Effect = (world: unknown, payload: object) => unknown;

export type EffectOutcome =
  | { readonly kind: 'done'; readonly world: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly detail: string };

export class Effects {
  private readonly known = new Map<string, EffectOutcome>();
  private readonly names = new Map<CommandContract, number>();
  private readonly payloads = new WeakMap<object, string>();

  constructor(
    private readonly effects: ReadonlyMap<CommandContract, Effect>,
    private readonly observations: Observations,
    readonly worlds: Worlds,
  ) {}

  of(world: unknown, command: CommandContract, payload: object): EffectOutcome {
    const effect = this.effects.get(command);
    if (effect === undefined) return { kind: 'done', world };
    const number = this.worlds.numberOf(world);
    const known = this.known.get(`${number} ${this.keyOf(command, payload)}`);
    if (known !== undefined) return known;
    const outcome = this.ask(effect, world, command, payload);
    // Whether it reads the payload is known only after the call.
    this.known.set(`${number} ${this.keyOf(command, payload)}`, outcome);
    return outcome;
  }

  /** Returns the same key for all commands with the same effect on every world. */
  keyOf(command: CommandContract, payload: object): string {
    if (!this.effects.has(command)) return '-';
    const name = this.names.get(command) ?? this.names.size;
    this.names.set(command, name);
    return this.observations.readsPayload(command) ? `${name}${this.textOf(payload)}` : String(name);
  }

  private ask(effect: Effect, world: unknown, command: CommandContract, payload: object): EffectOutcome {
    try {
      const done = this.observations.given(command, payload, (given) => {
        const made = effect(world, given);
        return isRefusal(made) ? made : this.worlds.keep(made);
      });
      return isRefusal(done) ? { kind: 'refused', refusal: done } : { kind: 'done', world: done };
    } catch (error) {
      return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  private textOf(payload: object): string {
    const text = this.payloads.get(payload) ?? JSON.stringify(payload);
    this.payloads.set(payload, text);
    return text;
  }
}
