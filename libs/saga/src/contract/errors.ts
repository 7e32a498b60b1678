/** What every error of this library is: a stable code for programs, a message that names the thing and the remedy. */
export abstract class SagaError extends Error {
  abstract readonly code: string;

  override get name(): string {
    return this.constructor.name;
  }
}

/** A contract, a definition or the wiring of a service is wrong; thrown at start, before any message is read. */
export class ConfigurationError extends SagaError {
  readonly code = 'wiring';
}

/** One thing that is wrong with some data. */
export interface Violation {
  /** Path in the data, such as `lines[0].quantity`. */
  readonly field: string;
  /** What is wrong with it, such as `must be >= 1`. */
  readonly problem: string;
}

/** Several things that are wrong, for a message to people. */
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

/** Why a message cannot be read, in a word by which dead letters are found. */
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

/** A message on a topic is not one of ours, or broken; it is parked as a dead letter. */
export class UnreadableMessageError extends SagaError {
  readonly code = 'unreadable-message';

  constructor(
    readonly reason: UnreadableReason,
    message: string,
    /** What was read nevertheless, of which single attributes may be right. */
    readonly document?: object,
  ) {
    super(message);
  }
}

/** A message would be larger than any may be; it is not sent. */
export class MessageTooLargeError extends SagaError {
  readonly code = 'message-too-large';
}

/** A message has text that PostgreSQL does not keep; it is not sent. */
export class ForbiddenTextError extends SagaError {
  readonly code = 'forbidden-text';
}
