/* The entry point `@palinode/saga/contract`: what applications use. Other layers of the library import `index.ts`. */
export type { Carried } from './carried';
export {
  type CommandContract,
  defineCommand,
  isRefusal,
  type PayloadOf,
  type Refusal,
  type RefusalsOf,
  refuse,
  type ReplyOf,
} from './command';
export type { Duration } from './duration';
export type { Command, Direction, DomainEvent, Rejection, ReplyOutcome, Reply } from './envelope';
export {
  InvalidDataError,
  ForbiddenTextError,
  MessageTooLargeError,
  SagaError,
  ConfigurationError,
  type Violation,
} from './errors';
export { defineEvent, publishedBy, type EventContract, type EventPayloadOf } from './event';
export {
  lifecycleEvents,
  sagaCompensated,
  sagaCompensating,
  SagaChanged,
  sagaCompleted,
  sagaHeld,
  sagaPaused,
  sagaReleased,
  SagaReason,
  sagaResumed,
  sagaStarted,
} from './lifecycle';
export { HoldChanged, holdEnded, holdEvents, holdPlaced } from './hold-events';
export { IsId, MayBeId } from './is-id';
export { type SearchAttributes, type SearchValue, type SensitiveSearchValue } from './search-attributes';
export { Sensitive, type SensitiveOptions } from './sensitive';
export { isUuid } from './message-id';
export type { SagaTypeError } from './saga-type-error';
export { defineSignal, type SignalContract, type SignalOf } from './signal';
export { defineStart, type SagaStart } from './start';
export type { Class, JsonSchema } from './json-schema';
export { assertValid, schemaOf, violations } from './validation';
export { Topics, topicsOf, type Naming } from './topics';
export { isAllowedText, jsonProblem, type JsonProblem } from './text';
