/*
 * Recordings of sagas: the history of a real saga as plain data, masked, with the payloads of its commands. The test kit
 * applies one to today's definition, to find out whether that would decide differently.
 *
 * A recording contains no secret, so command ids that the engine derives in a replay differ from the recorded ones. A
 * {@link Refold} translates them: the n-th command that an entry sent is the n-th that the engine sends for it again.
 */
import { maskedText, type Rejection } from '../contract';
import type { SagaDefinition } from '../definition';
import type { SagaEvent, TransitionResult } from './event';
import { sentOf, type HistoryEntry, type SentCommand } from './history';
import { SagaMask } from './mask';
import type { SagaState, SagaStatus } from './state';
import { transition } from './transition';

/** The value of `format` in this release's recordings. */
export const RECORDING_FORMAT = 'palinode-recording/1';

/** A command in a recording. */
export interface RecordedCommand extends SentCommand {
  /** Missing where the definition of the recording orchestrator no longer sends this command here. */
  readonly payload?: unknown;
}

/** An entry of the saga's history, with the payloads of its commands. */
export interface RecordedEntry extends Omit<HistoryEntry, 'sent'> {
  readonly sent: readonly RecordedCommand[];
}

/** What happened to one saga: the events of its history with the commands that each of them sent. */
export interface Recording {
  /** Tells programs that it is a recording, and how to read it. */
  readonly format: typeof RECORDING_FORMAT;
  /** The recorded saga. */
  readonly sagaId: string;
  /** The name of its definition. */
  readonly definition: string;
  /** The version of the definition on which it ran. */
  readonly version: number;
  /** The saga's status when it was recorded. */
  readonly status: SagaStatus;
  /** Its history, in order. */
  readonly entries: readonly RecordedEntry[];
}

/** Records a saga. Fields marked as sensitive, free texts of people and error texts are masked; secrets are left out. */
export function recordingOf(definition: SagaDefinition, state: SagaState, history: readonly HistoryEntry[]): Recording {
  const { id: sagaId, version, status } = state;
  const mask = new SagaMask(definition, state);
  const refold = new Refold(definition);
  const entries = history.map((entry): RecordedEntry => {
    const event = maskedEvent(mask, entry.event);
    const payloads = refold.payloadsOf({ ...entry, event });
    const sent = entry.sent.map((command, n) => ({ ...command, ...(n in payloads ? { payload: payloads[n] } : {}) }));
    return { ...entry, event, sent };
  });
  return { format: RECORDING_FORMAT, sagaId, definition: definition.name, version, status, entries };
}

/** Applies recorded events to a definition, one after the other. */
export class Refold {
  state: SagaState | undefined;
  private readonly ids = new Map<string, string>();

  constructor(private readonly definition: SagaDefinition) {}

  /** Applies the event of this entry. Throws what the engine throws for a definition that is not sound. */
  apply({ event, at, sent }: Pick<HistoryEntry, 'event' | 'at' | 'sent'>): TransitionResult {
    const result = transition(this.definition, this.state, this.translated(event), at);
    this.state = result.state;
    sent.forEach(({ commandId }, n) => {
      const again = result.sends[n];
      if (again) this.ids.set(commandId, again.commandId);
    });
    return result;
  }

  /** Applies the event; returns the payloads of the commands if these are the recorded ones, and else none. */
  payloadsOf(entry: HistoryEntry): readonly unknown[] {
    const result = this.apply(entry);
    return isSameSent(entry.sent, sentOf(result)) ? result.sends.map(({ payload }) => payload) : [];
  }

  private translated(event: SagaEvent): SagaEvent {
    if (!('commandId' in event)) return event;
    return { ...event, commandId: this.ids.get(event.commandId) ?? event.commandId };
  }
}

/** True when these are the same commands, whatever their ids. */
export function isSameSent(some: readonly SentCommand[], others: readonly SentCommand[]): boolean {
  return some.length === others.length && some.every((command, n) => nameOf(command) === nameOf(others[n]));
}

function nameOf(command: SentCommand | undefined): string {
  if (command === undefined) return '';
  return [command.command, command.step, command.direction, command.attempt, command.again].join(' ');
}

/** Free texts are masked as well, and nothing says who acted. */
function maskedEvent(mask: SagaMask, event: SagaEvent): SagaEvent {
  const shown = mask.event(event);
  switch (shown.kind) {
    case 'started': {
      const { carried: _carried, secret: _secret, ...rest } = shown;
      return rest;
    }
    case 'undo': {
      const { carried: _carried, ...rest } = shown;
      return rest;
    }
    case 'refused':
    case 'failed':
    case 'broken':
    case 'unknown':
      return { ...shown, objection: maskedRejection(shown.objection) };
    case 'resolve':
    case 'pause':
    case 'resume':
    case 'retry':
    case 'cancel':
    case 'skip':
      return byOperator(shown);
    case 'halted':
      return { ...shown, detail: maskedText(shown.detail) };
    default:
      return shown;
  }
}

function maskedRejection(rejection: Rejection): Rejection {
  const { detail } = rejection;
  return detail === undefined ? rejection : { ...rejection, detail: maskedText(detail) };
}

function byOperator<Event extends { readonly by: string; readonly reason: string }>(event: Event): Event {
  return { ...event, by: 'operator', reason: maskedText(event.reason) };
}
