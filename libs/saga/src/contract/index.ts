export { canonicalData } from './canonical-data';
export {
  searchAttributesOf,
  type SearchAttribute,
  type SearchAttributes,
  type SearchValue,
  type SensitiveSearchValue,
} from './search-attributes';
export {
  hasSensitiveFields,
  masked,
  maskedText,
  maskedWhole,
  Sensitive,
  sensitiveTexts,
  withoutSensitive,
  type SensitiveOptions,
  type SensitiveText,
} from './sensitive';
export { ACKNOWLEDGEMENT, anAcknowledgement, parseAcknowledgement, type Acknowledgement } from './acknowledgement';
export { CARRIED, carriedBy, type Carried } from './carried';
export { cloudEvent } from './cloud-event';
export { commandDigest, tombstoneDigest } from './command-digest';
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
export { durationOf, milliseconds, type Duration } from './duration';
export {
  asEnvelope,
  commandProblem,
  CONTENT_TYPE,
  isKey,
  isMessageId,
  MAX_KEY_LENGTH,
  MAX_MESSAGE_BYTES,
  parseDocument,
  parseEnvelope,
  parseEvent,
  readLoosely,
  SIGNAL_SAGA,
  START_SAGA,
  UNDO_SAGA,
  ACTION_FORGOTTEN,
  writeEnvelope,
  type Command,
  type Direction,
  type DomainEvent,
  type Envelope,
  type Rejection,
  type ReplyOutcome,
  type Parent,
  type Reply,
  type SignalSaga,
  type StartSaga,
  type UndoSaga,
} from './envelope';
export {
  inOneLine,
  InvalidDataError,
  ForbiddenTextError,
  MessageTooLargeError,
  SagaError,
  UnreadableMessageError,
  ConfigurationError,
  type UnreadableReason,
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
export type { Exact } from './exact';
export type { SagaTypeError } from './saga-type-error';
export { HoldChanged, holdEnded, holdEvents, holdPlaced } from './hold-events';
export { IsId, MayBeId } from './is-id';
export { canonicalId, commandId, dayOf, instantOf, isUuid, isUuidV7, lowestIdAt } from './message-id';
export { sourceOf } from './source';
export { REJECTION_SCHEMA, replyType, schemaUri } from './schema-uri';
export { defineSignal, type SignalContract, type SignalOf } from './signal';
export { assertSagaName, defineStart, type SagaStart } from './start';
export type { Class, JsonSchema } from './json-schema';
export { assertDeclares, assertValid, problemOf, schemaOf, validOf, violations } from './validation';
export {
  ACKNOWLEDGEMENTS,
  CHILDREN,
  commandTopic,
  DEAD_LETTERS,
  DEFAULT_ORCHESTRATOR,
  eventTopic,
  isOfEvents,
  isOfSagas,
  ORCHESTRATOR_COMMANDS,
  partitionedAlike,
  replyTopic,
  Topics,
  topicsOf,
  type Naming,
  type TopicUse,
  useOf,
} from './topics';
export { KEPT_MS, neededTopic, type NeededTopic } from './needed-topic';
export { addPartitions, createTopic, setTopic } from './topic-commands';
export { isAllowedText, jsonProblem, shorten, type JsonProblem } from './text';
export { assertVersion } from './version';
