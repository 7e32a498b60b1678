/** A message to a customer. */
export interface Letter {
  /** The same whenever this message is posted: by it a provider recognises one that it has sent already. */
  readonly idempotencyKey: string;
  readonly customerId: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * Sends messages to customers; the place of a mail or push provider. It is called at least once for each message: again, with
 * the same key, when this service dies between the call and its commit. What it throws has the event tried again.
 */
export abstract class Postbox {
  abstract post(letter: Letter): Promise<void>;
}
