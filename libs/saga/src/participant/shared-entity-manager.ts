import { EntityManager } from 'typeorm';

/**
 * What a handler is given in a shared transaction. A savepoint in it would hold what its neighbours write meanwhile, so that
 * rolling back to it took their writes as well; a handler that wants one runs singly instead.
 */
export class SharedEntityManager extends EntityManager {
  /** Set when the handler asked for a savepoint, also when it caught the answer. */
  nested: Error | undefined;

  override transaction(): Promise<never> {
    this.nested = new Error('A shared transaction has no savepoints.');
    return Promise.reject(this.nested);
  }
}
