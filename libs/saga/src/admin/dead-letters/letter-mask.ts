/*
 * What people see of a dead letter's message. The fields that its contract marks as sensitive are masked. A message that cannot be
 * read as one of a known contract may contain anything, so it is withheld. Where no contract marks a field, nothing is masked.
 */
import {
  hasSensitiveFields,
  masked,
  maskedText,
  sensitiveTexts,
  SIGNAL_SAGA,
  START_SAGA,
  UNDO_SAGA,
  withoutSensitive,
  type Class,
} from '../../contract';
import { commandsOf, stepsOf, type DefinitionRegistry } from '../../definition';
import type { DeadLetter } from '../../dead-letters';

/** A dead letter as people may see it. */
export interface ShownLetter extends DeadLetter {
  /** `fields`: sensitive fields of its value are masked; `whole`: key, value and headers are withheld. */
  readonly masked: 'fields' | 'whole' | undefined;
}

/** Data of a message, and the class that describes them. */
interface Described {
  readonly type: Class<object> | undefined;
  readonly data: unknown;
  /** Puts other data in their place. */
  readonly with: (data: unknown) => unknown;
}

interface Message {
  readonly type?: unknown;
  readonly outcome?: unknown;
  readonly data?: unknown;
}

export class LetterMask {
  private readonly payloads = new Map<string, Class<object> | undefined>();
  private readonly replies = new Map<string, Class<object> | undefined>();
  private readonly signals = new Map<string, Class<object> | undefined>();
  /** True when a contract marks a field. */
  readonly hasAny: boolean;

  constructor(private readonly registry: DefinitionRegistry) {
    const definitions = registry.all();
    for (const { type, name, payload, reply } of definitions.flatMap(commandsOf)) {
      this.payloads.set(type, payload);
      this.replies.set(name, reply);
    }
    for (const { wait } of definitions.flatMap(stepsOf))
      if (wait) this.signals.set(wait.signal.name, wait.signal.payload);
    const inputs = definitions.map(({ input }) => input);
    const all = [...this.payloads.values(), ...this.replies.values(), ...this.signals.values(), ...inputs];
    this.hasAny = all.some((type) => hasSensitiveFields(type));
  }

  shown(letter: DeadLetter): ShownLetter {
    if (!this.hasAny) return { ...letter, masked: undefined };
    const message = messageIn(letter.value);
    const described = message && this.describe(message);
    if (message === undefined || described === undefined)
      return { ...letter, key: null, value: null, headers: [], masked: 'whole' };
    const { type, data, with: replace } = described;
    if (!hasSensitiveFields(type)) return { ...letter, masked: undefined };
    const shown = isRejected(message) ? rejection(data) : masked(type, data);
    return {
      ...letter,
      detail: withoutSensitive(letter.detail, sensitiveTexts(type, data)),
      value: Buffer.from(JSON.stringify({ ...message, data: replace(shown) })),
      masked: 'fields',
    };
  }

  /** Undefined when no known contract describes the message. */
  private describe({ type, data }: Message): Described | undefined {
    if (typeof type !== 'string') return undefined;
    if (type === START_SAGA || type === UNDO_SAGA) {
      const definition = this.registry.newest(textIn(data, 'saga'));
      return definition && partOf(data, 'input', definition.input);
    }
    if (type === SIGNAL_SAGA) {
      const signal = textIn(data, 'signal');
      return this.signals.has(signal) ? partOf(data, 'payload', this.signals.get(signal)) : undefined;
    }
    const name = type.replace(/\.reply\.v\d+$/, '');
    const types = name === type ? this.payloads : this.replies;
    return types.has(name) ? { type: types.get(name), data, with: (shown) => shown } : undefined;
  }
}

function messageIn(value: Buffer | null): Message | undefined {
  try {
    const message: unknown = JSON.parse(String(value));
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

function partOf(data: unknown, name: string, type: Class<object> | undefined): Described {
  const { [name]: part } = Object(data) as Record<string, unknown>;
  return { type, data: part, with: (shown) => ({ ...Object(data), [name]: shown }) as unknown };
}

function textIn(data: unknown, name: string): string {
  const { [name]: text } = Object(data) as Record<string, unknown>;
  return typeof text === 'string' ? text : '';
}

function isRejected({ outcome }: Message): boolean {
  return outcome !== undefined && outcome !== 'success';
}

/** Its detail may quote the command, which is not in the message. */
function rejection(data: unknown): unknown {
  const { detail, ...rest } = Object(data) as { detail?: unknown };
  return typeof detail === 'string' ? { ...rest, detail: maskedText(detail) } : rest;
}
