/*
 * The node-postgres client of a handler's transaction, for query builders such as Drizzle, Kysely and Knex. The library
 * begins, commits and rolls back the transaction, because it stores the reply in it. If a query builder ended it, the
 * writes of the handler would be committed without the reply, and a duplicate would repeat them.
 */
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { ConfigurationError } from '../contract';
import { SharedEntityManager } from './shared-entity-manager';

type Query = (...args: readonly unknown[]) => unknown;

const OPENS_OR_ENDS = /^\s*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!.*\bto\b))\b/i;
const SAVEPOINT = /^\s*(savepoint|release|rollback)\b/i;

const clients = new WeakMap<EntityManager, PoolClient>();

/** Always the same object for the same handler. */
export function clientOf(tx: EntityManager): PoolClient {
  const client = clients.get(tx) ?? clientOn(tx);
  clients.set(tx, client);
  return client;
}

function clientOn(tx: EntityManager): PoolClient {
  const { databaseConnection } = (tx.queryRunner ?? {}) as { readonly databaseConnection?: PoolClient };
  if (databaseConnection === undefined)
    throw new ConfigurationError('This is not the EntityManager that a handler was given.');
  const ask = databaseConnection.query.bind(databaseConnection) as Query;
  const query: Query = (...args) => {
    const refused = whyRefused(tx, textOf(args[0]));
    return refused === undefined ? ask(...args) : reject(args, refused);
  };
  return Object.create(databaseConnection, {
    query: { value: query },
    // A pool of a query builder would give back what it has not taken.
    release: { value: () => undefined },
  }) as PoolClient;
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const { text } = Object(statement) as { readonly text?: unknown };
  return typeof text === 'string' ? text : '';
}

function whyRefused(tx: EntityManager, text: string): Error | undefined {
  if (OPENS_OR_ENDS.test(text))
    return new ConfigurationError(
      `The transaction of a handler is begun and ended by the library, which stores the reply in it; context.client ` +
        `does not run ${JSON.stringify(text.trim().slice(0, 40))}. Run the statements without a transaction of the query builder.`,
    );
  return tx instanceof SharedEntityManager && SAVEPOINT.test(text) ? tx.refuseSavepoint() : undefined;
}

/** As node-postgres reports errors: to the callback if there is one. */
function reject(args: readonly unknown[], error: Error): Promise<never> | undefined {
  const callback = args.at(-1);
  if (typeof callback !== 'function') return Promise.reject(error);
  process.nextTick(callback, error);
  return undefined;
}
