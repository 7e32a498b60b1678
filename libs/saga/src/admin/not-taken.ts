/* Turns the reason why an intervention changed nothing into a problem that names the reason and the remedy. */
import {
  ConflictException,
  NotFoundException,
  PreconditionFailedException,
  UnprocessableEntityException,
  type HttpException,
} from '@nestjs/common';
import { violations, type Class } from '../contract';
import { stepNamed, stepsOf, type DefinitionRegistry, type SagaDefinition } from '../definition';
import type { Ignored, SagaState } from '../engine';
import { remedyOf, type Intervention, type InterventionEvent, type NotTaken } from '../runner';
import { tagOf } from './revision-tag';
import { invalidRequest, Problem } from '../http';

/** Where the text is the business key of sagas, the problem names them. */
export function noSuchSaga(id: string, named: readonly { readonly state: SagaState }[] = []): HttpException {
  const [first] = named;
  const hint = first
    ? ` It is the business key of ${named.map(({ state }) => `the saga ${state.id} (${state.definition}, ${state.status})`).join(', ')}.`
    : '';
  return new Problem(404, {
    code: 'not-found',
    title: 'Not found',
    detail: `No saga has the id ${id}.${hint}`,
    ...(first && {
      extension: {
        sagas: named.map(({ state: { id: saga, definition, status } }) => ({ id: saga, definition, status })),
      },
    }),
  });
}

export function notTaken(
  outcome: NotTaken,
  { sagaId, event }: Pick<Intervention, 'sagaId' | 'event'>,
  registry: DefinitionRegistry,
): HttpException {
  switch (outcome.kind) {
    case 'unknown-saga':
      return noSuchSaga(sagaId);
    case 'stale':
      return new PreconditionFailedException(
        `The saga has changed: its ETag is now ${tagOf(outcome.revision)}. Read it again, and decide again.`,
      );
    case 'halted':
      return conflict(outcome.because, `The saga cannot go on. ${outcome.detail}`);
    default: {
      const { because, state } = outcome;
      const definition = registry.find(state.definition, state.version);
      const wrong = definition && wrongRequest(because, event, definition);
      return wrong ?? conflict(because, remedyOf(because, state, event, definition));
    }
  }
}

/** A problem with a type of its own, so that programs can distinguish the reasons. */
export function conflict(reason: string, message: string): HttpException {
  const title = 'The saga cannot do this now';
  return new ConflictException({ type: `urn:palinode:problem:${reason}`, title, message });
}

/** Returns a 4xx for a request that no state of the saga would accept. */
function wrongRequest(
  because: Ignored,
  event: InterventionEvent,
  definition: SagaDefinition,
): HttpException | undefined {
  if (event.kind === 'signalled') {
    if (because === 'unknown-signal') return unknownSignal(event.signal, definition);
    const wait = stepsOf(definition).find((step) => step.wait?.signal.name === event.signal)?.wait;
    return wait && because === 'invalid-signal' ? misfit('body', wait.signal.payload, event.payload) : undefined;
  }
  if (!('step' in event)) return undefined;
  const step = stepNamed(definition, event.step);
  if (step === undefined) return unknownStep(event.step, definition);
  const reply = step.action?.command.reply;
  if (because !== 'invalid-reply' || event.kind !== 'resolve' || reply === undefined) return undefined;
  return misfit('reply', reply, event.reply);
}

/**
 * Returns a 400 with the violations of the class; a value that is invalid as a whole is named by its place in the
 * request.
 */
function misfit(where: 'body' | 'reply', type: Class<object>, value: unknown): HttpException {
  const within = where === 'body' ? '' : `${where}.`;
  const errors = violations(type, value).map(({ field, problem }) => ({
    field: field === 'it' ? where : `${within}${field}`,
    problem,
  }));
  return invalidRequest(errors);
}

function unknownSignal(signal: string, definition: SagaDefinition): HttpException {
  const known = [...new Set(stepsOf(definition).flatMap(({ wait }) => wait?.signal.name ?? []))];
  const those = known.length === 0 ? 'it waits for none' : `it waits for ${known.join(', ')}`;
  return new NotFoundException(`${nameOf(definition)} does not wait for the signal ${signal}; ${those}.`);
}

function unknownStep(name: string, definition: SagaDefinition): HttpException {
  const known = stepsOf(definition).map((step) => (step.forEach ? `${step.name}[0], …` : step.name));
  const problem = `is not a step of ${nameOf(definition)}; there are ${known.join(', ')}`;
  return new UnprocessableEntityException({ message: `${name} ${problem}.`, errors: [{ field: 'step', problem }] });
}

function nameOf({ name, version }: SagaDefinition): string {
  return `${name} v${version}`;
}
