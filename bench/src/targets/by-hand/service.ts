/*
 * One process of the same saga without Palinode: `node service.js stock|payment|order|orchestrator`. The same services,
 * messages and effects, a row for each saga and each executed command, and nothing else. It loses messages in a crash,
 * repeats the effect of duplicates, and has no retries, timeouts, validation or history.
 */
import { Pool, type PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { PipelinedClient } from '@palinode/saga/participant';
import { GroupCommit } from '@palinode/service';
import { CHARGE, CLOSE, DECLINED, PLACE, RELEASE, RESERVE, TABLES, type BenchOrder } from '../effects';
import { finished, serveLoad, untilFinished } from '../load';
import { message, Wire, type Message, type Service } from './wire';

const name = process.argv[2] as Service;
const connectionString = process.env['DATABASE_URL'] ?? '';
// As for the orchestrator's connections: otherwise PostgreSQL reads the whole table to find the sagas of a batch.
const options = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';
const pool = new Pool({ connectionString, Client: PipelinedClient, options, max: 12 });
const wire = new Wire((process.env['KAFKA_BROKERS'] ?? '').split(','), Number(process.env['BENCH_PARTITIONS']));
/** The number of concurrent per-command transactions. */
const AT_ONCE = 8;

const SAGA = 'CREATE TABLE saga (id uuid PRIMARY KEY, state text NOT NULL, input text NOT NULL) WITH (fillfactor = 70)';
const START = 'INSERT INTO saga (id, state, input) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])';
const MOVE = `UPDATE saga SET state = moved.state FROM unnest($1::uuid[], $2::text[]) AS moved (id, state)
              WHERE saga.id = moved.id`;
const INBOX = 'CREATE TABLE inbox (id uuid PRIMARY KEY)';
const INTO_INBOX = 'INSERT INTO inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING';

/** The effect and the answer of each command. */
const HANDLERS: Readonly<Record<string, (client: PoolClient, order: BenchOrder) => Promise<string>>> = {
  async reserve(client, { orderId, sku, quantity }) {
    await run(client, 'reserve', RESERVE, [orderId, sku, quantity]);
    return 'reserved';
  },
  async release(client, { orderId }) {
    await run(client, 'release', RELEASE, [orderId]);
    return 'released';
  },
  async authorize(client, { orderId, amountCents, token }) {
    const declined = token === DECLINED;
    const values = [uuidV7(), orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED'];
    await run(client, 'charge', CHARGE, values);
    return declined ? 'declined' : 'authorized';
  },
  async approve(client, { orderId }) {
    await run(client, 'close', CLOSE, [orderId, 'APPROVED']);
    return 'approved';
  },
  async reject(client, { orderId }) {
    await run(client, 'close', CLOSE, [orderId, 'REJECTED']);
    return 'rejected';
  },
};

/** The next message after a start or a reply. */
const NEXT: Readonly<Record<string, readonly [to: Service, command: string]>> = {
  start: ['stock', 'reserve'],
  reserved: ['payment', 'authorize'],
  authorized: ['order', 'approve'],
  declined: ['stock', 'release'],
  released: ['order', 'reject'],
};

async function orchestrate(messages: readonly Message[]): Promise<void> {
  const starts = messages.filter(({ kind }) => kind === 'start');
  const replies = messages.filter(({ kind }) => kind !== 'start');
  await inTransaction(async (client) => {
    const inputs = starts.map(({ order }) => JSON.stringify(order));
    await Promise.all([
      starts.length > 0 && run(client, 'start', START, [...idsAndStates(starts), inputs]),
      replies.length > 0 && run(client, 'move', MOVE, idsAndStates(replies)),
    ]);
  });
  const next = messages.flatMap(({ kind, order }) => {
    const [to, command] = NEXT[kind] ?? [];
    return to && command ? [message(to, command, order)] : [];
  });
  await wire.send(next);
}

function idsAndStates(messages: readonly Message[]): string[][] {
  return [messages.map(({ order }) => order.orderId), messages.map(({ kind }) => kind)];
}

async function participate(commands: readonly Message[]): Promise<void> {
  const answers = await (process.env['BENCH_TRANSACTION'] === 'per-command' ? singly(commands) : together(commands));
  for (const { kind, order } of commands) if (kind === 'approve' || kind === 'reject') finished(order.orderId);
  await wire.send(commands.map(({ order }, index) => message('orchestrator', answers[index] ?? '', order)));
}

function together(commands: readonly Message[]): Promise<string[]> {
  return inTransaction(async (client) => {
    await run(client, 'into-inbox', INTO_INBOX, [commands.map(({ id }) => id)]);
    return Promise.all(commands.map((command) => handle(client, command)));
  });
}

/** Runs each in its own transaction, whose statements are sent in one write. */
async function singly(commands: readonly Message[]): Promise<string[]> {
  const answers: string[] = [];
  const rest = commands.entries();
  const worker = async (): Promise<void> => {
    const client = await pool.connect();
    for (const [index, command] of rest) {
      const inbox = run(client, 'into-inbox', INTO_INBOX, [[command.id]]);
      const [, , answer] = await Promise.all([
        client.query('BEGIN'),
        inbox,
        handle(client, command),
        client.query('COMMIT'),
      ]);
      answers[index] = answer;
    }
    client.release();
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, commands.length) }, worker));
  return answers;
}

async function handle(client: PoolClient, { kind, order }: Message): Promise<string> {
  const handler = HANDLERS[kind];
  if (handler === undefined) throw new Error(`no handler for ${kind}`);
  return handler(client, order);
}

async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const [, result] = await Promise.all([client.query('BEGIN'), work(client)]);
  await client.query('COMMIT');
  client.release();
  return result;
}

async function run(client: PoolClient, statement: string, text: string, values: unknown[]): Promise<void> {
  await client.query({ name: statement, text, values });
}

const group = new GroupCommit<BenchOrder, void>(async (orders) => {
  await inTransaction(async (client) => {
    await Promise.all(
      orders.map(({ orderId, sku, quantity, amountCents }) =>
        run(client, 'place', PLACE, [orderId, sku, quantity, amountCents]),
      ),
    );
  });
  await wire.send(orders.map((order) => message('orchestrator', 'start', order)));
  return orders.map(() => undefined);
});

async function main(): Promise<void> {
  await pool.query(name === 'orchestrator' ? SAGA : `${TABLES[name]}; ${INBOX}`);
  await wire.open(name, name === 'orchestrator' ? orchestrate : participate);
  serveLoad(async (order) => {
    const end = untilFinished(order.orderId);
    await group.add(order);
    await end;
  });
}

void main();
