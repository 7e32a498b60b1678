import type {
  DataSource,
  EntityManager,
  EntitySubscriberInterface,
  QueryRunner,
  TransactionCommitEvent,
  TransactionRollbackEvent,
} from 'typeorm';
import { ConfigurationError } from '../contract';
import { contextOn } from '../handlers';

const quiet = new WeakSet<EntitySubscriberInterface>();

/**
 * Keeps, by transaction, what is to be told when it has committed, and forgets it when it rolls back. A handler's commit may
 * not have waited for the disk: what was kept in its transaction is told when it is there.
 */
export class AfterCommit<T> {
  private readonly uncommitted = new WeakMap<QueryRunner, T[]>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly committed: (items: readonly T[]) => void,
  ) {
    dataSource.subscribers.push(this.subscriber());
  }

  /** Told at once where there is no transaction. */
  add({ queryRunner }: EntityManager, item: T): void {
    if (!queryRunner?.isTransactionActive) return this.committed([item]);
    const handler = contextOn(queryRunner);
    if (handler) return void handler.afterCommit.push(() => this.committed([item]));
    const items = this.uncommitted.get(queryRunner);
    if (items) items.push(item);
    else this.uncommitted.set(queryRunner, [item]);
  }

  /** @throws ConfigurationError for a transaction of another DataSource, which has other tables */
  assertOwn({ connection }: EntityManager): void {
    if (connection === this.dataSource) return;
    const { name = 'another' } = connection.options as { readonly name?: string };
    throw new ConfigurationError(
      `The transaction is of the DataSource ${name}, and the participant uses another; begin it with the DataSource that ` +
        'ParticipantModule was given (`dataSource`).',
    );
  }

  private subscriber(): EntitySubscriberInterface {
    const take = (queryRunner: QueryRunner): T[] => {
      // Still active: only a savepoint was released.
      if (queryRunner.isTransactionActive) return [];
      const items = this.uncommitted.get(queryRunner) ?? [];
      this.uncommitted.delete(queryRunner);
      return items;
    };
    const subscriber = {
      afterTransactionCommit: ({ queryRunner }: TransactionCommitEvent): void => {
        const items = take(queryRunner);
        if (items.length > 0) this.committed(items);
      },
      afterTransactionRollback: ({ queryRunner }: TransactionRollbackEvent): void => void take(queryRunner),
    };
    quiet.add(subscriber);
    return subscriber;
  }
}

/** True of a subscriber that asks nothing of the database after a COMMIT. */
export function runsNoStatement(subscriber: EntitySubscriberInterface): boolean {
  return subscriber.afterTransactionCommit === undefined || quiet.has(subscriber);
}
