/*
 * Tells the log what became of sagas: `saga-paused`, `saga-resumed`, `saga-compensating`, `saga-ended` and
 * `attributes-not-stored`. The lines follow from the states before and after, so the engine stays pure, and only what is
 * committed is told.
 */
import { shorten, type CommandContract } from '../contract';
import { pauseSummary } from '../diagnosis';
import { stepNamed, type DefinitionRegistry, type SagaDefinition, type StepDefinition } from '../definition';
import {
  isCompensatingOrCan,
  changesBetween,
  hasEnded,
  heldCommand,
  SagaMask,
  type Cause,
  type HistoryEntry,
  type SagaState,
  type StepState,
} from '../engine';
import { definedFields, SummedLog, type Log, type LogFields, type NamedLine } from '../messaging';
import type { SagaUpdate } from '../store';

const MAX_PROBLEM = 500;

/** A state of a saga and the one before, and who changed it if it was an operator. */
interface Change {
  readonly definition: SagaDefinition | undefined;
  readonly before: SagaState | undefined;
  readonly after: SagaState;
  readonly operator: string | undefined;
}

export class SagaLog {
  private readonly summed: SummedLog;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly log: Log,
  ) {
    this.summed = new SummedLog(log);
  }

  /** To be called after the commit. */
  saved({ before: stored, states, history, state, attributesProblem }: SagaUpdate): void {
    if (attributesProblem !== undefined) this.summed.write(this.withoutAttributes(state, attributesProblem));
    let before = stored?.state;
    for (const after of states) {
      if (before?.status !== after.status || before.pause !== after.pause) this.changed(before, after, history);
      before = after;
    }
  }

  /** Writes what was summed up so far. */
  close(): void {
    this.summed.sumUp();
  }

  private withoutAttributes(after: SagaState, problem: string): NamedLine {
    const definition = this.registry.find(after.definition, after.version);
    // Masked before it is shortened, because a sensitive value that is cut would not be found.
    const why = shorten(new SagaMask(definition, after).text(problem), MAX_PROBLEM);
    const change: Change = { definition, before: undefined, after, operator: undefined };
    return {
      level: 'warn',
      event: 'attributes-not-stored',
      kind: { reason: after.definition },
      text: `${nameOf(after)} is not found by its search attributes: ${why}`,
      fields: sagaFields(change),
    };
  }

  private changed(before: SagaState | undefined, after: SagaState, history: readonly HistoryEntry[]): void {
    const definition = this.registry.find(after.definition, after.version);
    const change: Change = { definition, before, after, operator: operatorIn(history) };
    const changes = changesBetween(before, after);
    if (changes.includes('resumed')) this.summed.write(resumed(change));
    if (changes.includes('compensating')) this.summed.write(compensating(change));
    // A saga that is resumed and stops at once, or stops for another reason, is paused anew.
    if (after.status === 'PAUSED') this.summed.write(paused(change));
    if (hasEnded(after)) this.log.debug(...ended(change));
  }
}

function paused(change: Change): NamedLine {
  const { after, operator } = change;
  const { reason = '', step } = after.pause ?? {};
  const { code: diagnosis, summary = '' } = after.pause ? pauseSummary(after, after.pause) : {};
  const mask = new SagaMask(change.definition, after);
  const { command, ...fields } = stepFields(change, step, after);
  return {
    level: 'warn',
    event: 'saga-paused',
    kind: { reason, command },
    text: `${nameOf(after)}: ${mask.text(summary)}`,
    fields: { ...sagaFields(change), ...fields, diagnosis, operator },
  };
}

function resumed(change: Change): NamedLine {
  const { before, after, operator } = change;
  const { reason = '', step } = before?.pause ?? {};
  const { command, ...fields } = stepFields(change, step, before);
  return {
    level: 'log',
    event: 'saga-resumed',
    kind: { reason, command },
    text: `${nameOf(after)} continues${operator === undefined ? '' : `; ${operator}`}`,
    fields: { ...sagaFields(change), ...fields, operator },
  };
}

function compensating(change: Change): NamedLine {
  const { before, after } = change;
  const { kind: cause, step, detail } = after.cause ?? {};
  const { command, ...fields } = stepFields(change, step, before, ({ action }) => action?.command);
  const mask = new SagaMask(change.definition, after);
  // Perhaps long after it was cancelled: first what is in flight settles.
  const operator = after.cause?.kind === 'cancelled' ? `${detail}: ${after.cause.reason}` : undefined;
  return {
    level: 'log',
    event: 'saga-compensating',
    kind: { reason: reasonOf(after.cause), command },
    text: [nameOf(after), mask.text(operator ?? detail ?? '')].filter(Boolean).join(': '),
    fields: { ...sagaFields(change), ...fields, cause, operator },
  };
}

function ended(change: Change): [text: string, fields: LogFields] {
  const { after } = change;
  const { status, startedAt, endedAt = startedAt } = after;
  const tookMs = endedAt - startedAt;
  const reason = reasonOf(after.cause);
  const fields = definedFields({ event: 'saga-ended', ...sagaFields(change), status, reason, tookMs });
  return [`saga-ended: ${status}: ${nameOf(after)} after ${tookMs} ms`, fields];
}

/** What an operator wrote when cancelling is the detail, so that such lines can be counted together. */
function reasonOf(cause: Cause | undefined): string | undefined {
  return cause?.kind === 'cancelled' ? cause.kind : cause?.reason;
}

function nameOf({ id, definition, version, subject }: SagaState): string {
  return `${definition} v${version} ${id}${subject === undefined ? '' : ` of ${subject}`}`;
}

function sagaFields({ definition, after }: Change): LogFields {
  const { id: saga, subject, definition: name, version } = after;
  const pastPivot =
    definition && Object.keys(after.steps).length > 0 ? !isCompensatingOrCan(definition, after) : undefined;
  return { saga, subject, definition: name, version, pastPivot };
}

/** The step, its command and how often that was tried, as far as this state says so. */
function stepFields(
  { definition }: Change,
  name: string | undefined,
  state: SagaState | undefined,
  commandOf: (step: StepDefinition, state: StepState) => CommandContract | undefined = heldCommand,
): { command: string | undefined } & LogFields {
  if (name === undefined) return { command: undefined };
  const step = definition && stepNamed(definition, name);
  const its = state?.steps[name];
  const command = step && its && commandOf(step, its)?.name;
  return { step: name, command: command ?? name, attempt: its?.exchange?.attempt, sends: its?.exchange?.sends };
}

/** Who acted, and why; an operator's action is saved by itself. */
function operatorIn(history: readonly HistoryEntry[]): string | undefined {
  for (const { event, ignored } of history) if ('by' in event && !ignored) return `${event.by}: ${event.reason}`;
  return undefined;
}
