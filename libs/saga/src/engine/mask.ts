/*
 * Masks what people see of a saga. The fields that its contracts mark as sensitive are masked wherever the saga shows them, and
 * their values wherever a text quotes them, such as the error of a handler. Without the definition nobody knows which fields are
 * sensitive, so all data are masked.
 */
import {
  masked,
  maskedWhole,
  sensitiveTexts,
  withoutSensitive,
  type Class,
  type Direction,
  type Rejection,
  type SensitiveText,
  type SignalContract,
} from '../contract';
import { stepNamed, stepsOf, type SagaDefinition } from '../definition';
import type { SagaEvent } from './event';
import type { HistoryEntry } from './history';
import type { SagaState, StepState } from './state';

export class SagaMask {
  private readonly texts: readonly SensitiveText[];

  constructor(
    private readonly definition: SagaDefinition | undefined,
    private readonly saga: SagaState,
  ) {
    this.texts = definition ? textsOf(definition, saga) : [];
  }

  /** The state as people may see it. It is no state for the engine: masked data need not be valid. */
  get state(): SagaState {
    const { input, steps, signals, cause, pause } = this.saga;
    return {
      ...this.saga,
      input: this.data(this.definition?.input, input),
      steps: Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, this.step(name, step)])),
      ...(signals && {
        signals: Object.fromEntries(
          Object.entries(signals).map(([name, data]) => [name, this.data(this.signal(name)?.payload, data)]),
        ),
      }),
      ...(cause && { cause: { ...cause, reason: this.text(cause.reason), detail: this.optional(cause.detail) } }),
      ...(pause && { pause: { ...pause, detail: this.text(pause.detail) } }),
    };
  }

  entry(entry: HistoryEntry): HistoryEntry {
    return { ...entry, event: this.event(entry.event) };
  }

  event<Event extends SagaEvent>(event: Event): Event;
  event(event: SagaEvent): SagaEvent {
    switch (event.kind) {
      case 'started': {
        const { input, halted } = event;
        const texts = halted === undefined ? {} : { halted: this.text(halted) };
        return { ...event, ...texts, input: this.data(this.definition?.input, input) };
      }
      case 'undo':
        return { ...event, input: this.data(this.definition?.input, event.input) };
      case 'replied':
        return { ...event, reply: this.reply(event, event.reply) };
      case 'refused':
      case 'failed':
      case 'broken':
      case 'unknown':
        return { ...event, objection: this.rejection(event.objection) };
      case 'signalled':
        return { ...event, payload: this.data(this.signal(event.signal)?.payload, event.payload) };
      case 'resolve':
        return { ...event, reply: this.reply({ step: event.step, direction: 'action' }, event.reply) };
      case 'halted':
        return { ...event, detail: this.text(event.detail) };
      default:
        return event;
    }
  }

  /** The text without sensitive values of the saga. */
  text(text: string): string {
    return withoutSensitive(text, this.texts);
  }

  private optional(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.text(text);
  }

  private step(name: string, step: StepState): StepState {
    const { reply, objection } = step;
    return {
      ...step,
      ...(reply === undefined ? {} : { reply: this.reply({ step: name, direction: 'action' }, reply) }),
      ...(objection && { objection: this.rejection(objection) }),
    };
  }

  private rejection(rejection: Rejection): Rejection {
    const { detail } = rejection;
    return detail === undefined ? rejection : { ...rejection, detail: this.text(detail) };
  }

  private reply({ step, direction }: { step: string; direction: Direction }, reply: unknown): unknown {
    if (direction === 'compensation') return reply;
    const found = this.definition && stepNamed(this.definition, step);
    return found?.wait ? this.data(found.wait.signal.payload, reply) : this.data(found?.action?.command.reply, reply);
  }

  private data(type: Class<object> | undefined, data: unknown): unknown {
    return this.definition === undefined ? maskedWhole(data) : masked(type, data);
  }

  private signal(name: string): SignalContract | undefined {
    return this.definition && signalOf(this.definition, name);
  }
}

function textsOf(definition: SagaDefinition, { input, steps }: SagaState): SensitiveText[] {
  const ofReplies = Object.entries(steps).flatMap(([name, { reply }]) => {
    const step = stepNamed(definition, name);
    return sensitiveTexts(step?.wait?.signal.payload ?? step?.action?.command.reply, reply);
  });
  return [...sensitiveTexts(definition.input, input), ...ofReplies];
}

function signalOf(definition: SagaDefinition, name: string): SignalContract | undefined {
  return stepsOf(definition)
    .map(({ wait }) => wait?.signal)
    .find((signal) => signal?.name === name);
}
