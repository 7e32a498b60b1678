/**
 * The base of all errors of this library, with a stable code for programs and a message that names the thing and the
 * remedy.
 */
export abstract class SagaError extends Error {
  /** A stable code for programs, in lower case with dashes. */
  abstract readonly code: string;

  /** The name of the class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/** A contract, a definition or the configuration of a service is wrong; thrown at start, before any message is read. */
export class ConfigurationError extends SagaError {
  readonly code = 'wiring';
}

/** One rule that some data violate. */
export interface Violation {
  /** Path in the data, such as `lines[0].quantity`. */
  readonly field: string;
  /** What is wrong with it, such as `must be >= 1`. */
  readonly problem: string;
}

/** Joins several violations into one line for a message. */
export function inOneLine(violations: readonly Violation[]): string {
  return violations.map(({ field, problem }) => `${field} ${problem}`).join('; ');
}

/** A payload, a reply or an input does not fit its class. */
export class InvalidDataError extends SagaError {
  readonly code = 'invalid-data';

  constructor(
    what: string,
    readonly violations: readonly Violation[],
  ) {
    super(`${what} is not valid: ${inOneLine(violations)}.`);
  }
}

/** Why a message cannot be read; dead letters can be filtered by it. */
export type UnreadableReason =
  | 'no-value'
  | 'too-large'
  | 'too-deep'
  | 'forbidden-text'
  | 'no-json'
  | 'no-envelope'
  | 'no-start'
  | 'no-undo'
  | 'no-signal'
  | 'no-reply'
  | 'unknown-type';

/** A message on a topic is broken or not one of ours; it is dead-lettered. */
export class UnreadableMessageError extends SagaError {
  readonly code = 'unreadable-message';

  constructor(
    readonly reason: UnreadableReason,
    message: string,
    /** The part of the message that could be parsed; single attributes may be valid. */
    readonly document?: object,
  ) {
    super(message);
  }
}

/** A message exceeds the size limit and is not sent. */
export class MessageTooLargeError extends SagaError {
  readonly code = 'message-too-large';
}

/** A message contains text that PostgreSQL cannot store, and is not sent. */
export class ForbiddenTextError extends SagaError {
  readonly code = 'forbidden-text';
}
