import { EntityManager } from 'typeorm';

/**
 * The EntityManager of a handler whose transaction is shared by its batch. It refuses savepoints: rolling back to one
 * would also undo what the batch's other commands wrote after it. A handler that asks for a savepoint runs again in its
 * own transaction.
 */
export class SharedEntityManager extends EntityManager {
  /** Set when the handler asked for a savepoint, also when it caught the error. */
  nested: Error | undefined;

  override transaction(): Promise<never> {
    return Promise.reject(this.refuseSavepoint());
  }

  refuseSavepoint(): Error {
    this.nested = new Error('A shared transaction has no savepoints.');
    return this.nested;
  }
}
