import {
  durationOf,
  type Backoff,
  type CommandSpec,
  type SagaDefinition,
  type StepDefinition,
  type Wait,
} from '../definition';
import type {
  DefinitionDetail,
  DefinitionSummary,
  InvocationView,
  StepSummary,
  DefinedStep,
  WaitView,
} from './definition.view';
import { flowchartOf } from './flowchart';

export function definitionSummaryOf({ name, version, deadlineMs, stages }: SagaDefinition): DefinitionSummary {
  return { name, version, deadlineMs, stages: stages.map(({ steps }) => ({ steps: steps.map(stepSummaryOf) })) };
}

function stepSummaryOf({ name, kind, action, compensation, child }: StepDefinition): StepSummary {
  return {
    name,
    kind,
    command: action?.command.name,
    compensation: compensation?.command.name,
    timeoutMs: (action ?? compensation)?.timeoutMs,
    attempts: child ? undefined : action?.attempts,
  };
}

export function definitionDetailOf(definition: SagaDefinition, versions: number[]): DefinitionDetail {
  const { name, version, deadlineMs, stages } = definition;
  return {
    name,
    version,
    versions,
    deadline: deadlineMs === undefined ? undefined : durationOf(deadlineMs),
    stages: stages.map(({ steps }) => ({ steps: steps.map(stepViewOf) })),
    mermaid: flowchartOf(definition),
  };
}

function stepViewOf(step: StepDefinition): DefinedStep {
  const { name, kind, action, compensation, when, forEach, wait, child } = step;
  return {
    name,
    kind,
    action: action && commandSpecViewOf(action, kind === 'retriable'),
    compensation: compensation && commandSpecViewOf(compensation, true),
    conditional: when !== undefined,
    forEach: forEach && { concurrency: forEach.concurrency },
    wait: wait && waitViewOf(wait),
    child: child && { definition: child.name, version: child.version },
  };
}

function waitViewOf({ signal, timeoutMs, otherwise, refusal }: Wait): WaitView {
  return {
    signal: signal.name,
    timeout: durationOf(timeoutMs),
    otherwise: otherwise ? 'default' : 'turn back',
    mayRefuse: refusal !== undefined,
  };
}

/** A step that must succeed never fails but pauses the saga for an operator; a step that may fail pauses nothing. */
function commandSpecViewOf(commandSpec: CommandSpec, mustSucceed: boolean): InvocationView {
  const { command, timeoutMs, attempts, backoff, attentionAfter } = commandSpec;
  return {
    command: command.name,
    service: command.service,
    refusals: [...command.refusals],
    timeout: durationOf(timeoutMs),
    backoff: backoffText(backoff),
    ...(mustSucceed ? bounded({ attentionAfter }) : bounded({ attempts })),
  };
}

/** A child's command is re-sent without limit. */
function bounded<Limit extends Record<string, number>>(limit: Limit): Partial<Limit> {
  return Object.values(limit).every((each) => each < Number.MAX_SAFE_INTEGER) ? limit : {};
}

function backoffText({ firstMs, factor, capMs }: Backoff): string {
  if (factor === 1 || firstMs >= capMs) return durationOf(Math.min(firstMs, capMs));
  const growth = factor === 2 ? 'doubled' : `times ${factor}`;
  return `${durationOf(firstMs)}, ${growth} up to ${durationOf(capMs)}`;
}
