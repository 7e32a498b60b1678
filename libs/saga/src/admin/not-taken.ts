/* Why an intervention changed nothing, as an answer that names the reason and the remedy. */
import { ConflictException, NotFoundException, PreconditionFailedException, type HttpException } from '@nestjs/common';
import { stepsOf, type DefinitionRegistry } from '../definition';
import type { Ignored, SagaState } from '../engine';
import type { NotTaken } from '../orchestrator/interventions';
import { tagOf } from './revision-tag';

export function noSuchSaga(id: string): HttpException {
  return new NotFoundException(`No saga has the id ${id}.`);
}

export function notTaken(outcome: NotTaken, sagaId: string, registry: DefinitionRegistry): HttpException {
  switch (outcome.kind) {
    case 'unknown-saga':
      return noSuchSaga(sagaId);
    case 'stale':
      return new PreconditionFailedException(
        `The saga has moved on: its ETag is ${tagOf(outcome.revision)} by now. Read it again, and decide anew.`,
      );
    case 'halted':
      return conflict(outcome.because, `The saga cannot go on. ${outcome.detail}`);
    default:
      return conflict(outcome.because, remedyOf(outcome.because, outcome.state, registry));
  }
}

/** A problem with a type of its own, by which programs tell the reasons apart. */
function conflict(reason: string, message: string): HttpException {
  const title = 'The saga cannot do this now';
  return new ConflictException({ type: `urn:palinode:problem:${reason}`, title, message });
}

function remedyOf(because: Ignored, state: SagaState, registry: DefinitionRegistry): string {
  const { status, pause, cause } = state;
  switch (because) {
    case 'saga-ended':
      return `The saga is ${status}, and an end is final. To make up for what it did, start a new saga.`;
    case 'already-paused':
      return `The saga is paused already (${pause?.reason}: ${pause?.detail}). Resume it: that sends what is unanswered again.`;
    case 'not-paused':
      return `The saga is ${status}, not PAUSED. Use retry to have it send what is unanswered again now.`;
    case 'past-the-pivot':
      return `${pivotOf(state, registry)}, and behind it nothing is taken back. Let the saga end, and make up for it with a new saga, such as a refund.`;
    case 'already-turning-back':
      return `The saga is being taken back already (${cause?.kind}: ${cause?.reason}). Use retry if it takes too long.`;
    default:
      return `The saga ignores this now: ${because}.`;
  }
}

/** The first step that cannot be taken back, and where it stands. */
function pivotOf({ definition: name, version, steps }: SagaState, registry: DefinitionRegistry): string {
  const definition = registry.find(name, version);
  const begun = (definition ? stepsOf(definition) : []).find(
    (step) => (step.kind === 'pivot' || step.kind === 'retriable') && steps[step.name]?.status !== 'PENDING',
  );
  if (begun === undefined) return 'The pivot has begun';
  return `The ${begun.kind} step ${begun.name} is ${steps[begun.name]?.status}`;
}
