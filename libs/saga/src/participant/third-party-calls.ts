/*
 * Stores the results of calls to third parties. A rollback cannot undo such a call, so its result is committed
 * separately before the handler continues, and later attempts of the step get it instead of calling again. Invariants:
 *
 * 1. A name of a step calls the third party only while no result is stored for it, whatever command id the attempt has.
 * 2. One attempt of a step at a time uses the stored results, its compensation included: a lock in the handler's own
 *    transaction ensures it. If the lock is lost with its connection, the result that is stored first counts for both.
 * 3. Storing uses one connection of the pool at a time, however many handlers wait.
 * 4. A call that still runs when its handler's time limit is reached is stored without a result before the command is
 *    answered. Its result, if it arrives, is stored then, unless the step has been settled or another attempt has one.
 * 5. The rows of a step are deleted in the transaction that stores its success or refusal, or that of its compensation.
 */
import type { EntityManager } from 'typeorm';
import { SagaError, ConfigurationError, type Command } from '../contract';
import { Batcher, TABLES, textArray, uuidArray, type Sql, type Tables } from '../messaging';
import { commandOf, contextOf, idempotencyKeyOf, signalOf, type HandlerTransaction } from '../handlers';
import { ADVISORY_LOCK_SEEDS } from '../messaging';
import { InboxConflictError } from './transaction-pipeline';
import type { Inbox } from './inbox';
import { whyNotJson } from './plain-json';
import { prepared } from './prepared';
import type { Answerable } from './reply';

const MAX_RESULT_BYTES = 65_536;
const MAX_NAME = 200;

/** The third party has answered, and its result cannot be stored: the next attempt calls it again with the same key. */
export class UnusableResultError extends SagaError {
  readonly code = 'unusable-result';
}

/** The third party has answered, and the database did not take the result. Whether it was stored is unknown. */
export class CallNotKeptError extends Error {
  constructor(name: string, cause: unknown) {
    super(`The result of once('${name}') could not be kept: ${String(cause)}`, { cause });
  }
}

type Call = (idempotencyKey: string, signal: AbortSignal) => Promise<unknown>;

interface Result {
  /** JSON; null when the call resolved with nothing, or with a result that cannot be stored. */
  readonly result: string | null;
  /** Why it cannot be stored. */
  readonly unusable: string | null;
}

interface Entry {
  readonly command: Command;
  readonly name: string;
  readonly result: Result;
  /** True of the result of a call whose handler does not wait any more. */
  readonly late: boolean;
  /** The stored result: of two attempts that lost their lock, the first one. */
  kept?: Result;
}

const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended($1, ${ADVISORY_LOCK_SEEDS.thirdPartyCalls}))`;

function statementsOn({ third_party_call }: Tables) {
  return {
    read: `SELECT name, result, unusable FROM ${third_party_call} WHERE saga_id = $1 AND step = $2 AND direction = $3`,
    wasCalled: `SELECT FROM ${third_party_call} WHERE saga_id = $1 AND step = $2 AND direction = 'action' LIMIT 1`,
    settle: `DELETE FROM ${third_party_call} WHERE saga_id = $1 AND step = $2`,
    keep: `
      INSERT INTO ${third_party_call} AS call (saga_id, step, direction, name, command_id, result, unusable)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
      ON CONFLICT (saga_id, step, direction, name) DO UPDATE SET
        result = CASE WHEN call.unusable IS NULL THEN call.result ELSE excluded.result END,
        unusable = CASE WHEN call.unusable IS NULL THEN NULL ELSE excluded.unusable END
      RETURNING saga_id, step, direction, name, result, unusable`,
    keepLate: `
      UPDATE ${third_party_call} SET result = $5, unusable = $6
      WHERE saga_id = $1 AND step = $2 AND direction = $3 AND name = $4 AND unusable IS NOT NULL`,
    ofSagas: `SELECT DISTINCT saga_id, step, direction FROM ${third_party_call} WHERE saga_id = ANY ($1::uuid[])`,
  } as const;
}

const UNFINISHED: Result = { result: null, unusable: 'it had not ended when the time of its handler was over' };

const open = new WeakMap<EntityManager, ThirdPartyCalls>();

/**
 * Calls a third party once for this step of the saga, and stores the result before the handler continues: a later
 * attempt gets it instead of calling. Results are plain JSON of at most 64 KiB. A call that throws stores nothing, and
 * the next attempt calls again. `call` gets the idempotency key by which the third party must deduplicate, and a signal
 * that aborts at the handler's time limit. Requires `transaction: 'per-command'`.
 *
 * @throws UnusableResultError when the result is too large or no plain JSON
 * @throws ConfigurationError in a shared transaction, for an event, and when a handler uses a name twice
 */
export async function once<Value>(
  tx: EntityManager,
  name: string,
  call: (idempotencyKey: string, signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  commandOf(tx);
  const calls = open.get(tx);
  if (calls === undefined) throw new ConfigurationError('This is not the EntityManager that a handler was given.');
  return calls.once(name, call) as Promise<Value>;
}

/** The calls to third parties by the handler of this transaction. */
export function callsOf(tx: EntityManager): ThirdPartyCalls | undefined {
  return open.get(tx);
}

/** The calls to third parties by one command's handler. */
export class ThirdPartyCalls {
  private readonly names = new Set<string>();
  private readonly pending: Promise<unknown>[] = [];
  /** The names of the calls that have begun and whose results are not stored yet. */
  private readonly running = new Set<string>();
  private known: Promise<ReadonlyMap<string, Result>> | undefined;
  /** Why the command must not be answered, even if the handler caught the error. */
  private broken: Error | undefined;

  constructor(
    private readonly tx: EntityManager,
    private readonly command: Command,
    private readonly shared: boolean,
    private readonly journal: ThirdPartyJournal,
  ) {}

  once(name: string, call: Call): Promise<unknown> {
    const result = this.replayOrCall(name, call);
    this.pending.push(result.catch(() => undefined));
    return result;
  }

  /**
   * Whether an attempt of the action that this command compensates has called a third party, and none has settled
   * since.
   */
  async hasCallOfAction(): Promise<boolean> {
    const { sagaid, sagastep } = this.command;
    const [, rows] = await Promise.all([
      this.lock(),
      this.query('called', this.journal.statements.wasCalled, [sagaid, sagastep]),
    ]);
    return rows.length > 0;
  }

  /** The handler's result, after the last of its calls has ended, including calls that it did not await. */
  async around<T>(handler: Promise<T>): Promise<T> {
    const [ended] = await Promise.allSettled([handler]);
    await Promise.all(this.pending);
    if (this.broken) throw this.broken;
    if (ended.status === 'rejected') throw ended.reason;
    return ended.value;
  }

  /**
   * Ends the use of stored results at the handler's time limit. Resolves when the calls that still run are stored
   * without a result; they may still end. Rejects with a CallNotKeptError.
   */
  async abandon(reason: Error): Promise<void> {
    this.break(reason);
    await Promise.all([...this.running].map((name) => this.add({ name, result: UNFINISHED, late: false })));
  }

  /** Deletes the calls of the step, because no attempt follows. */
  async settle(): Promise<void> {
    const { sagaid, sagastep, undoes } = this.command;
    if (this.known !== undefined || undoes !== undefined)
      await this.query('settle', this.journal.statements.settle, [sagaid, sagastep]);
  }

  private async replayOrCall(name: string, call: Call): Promise<unknown> {
    this.check(name);
    this.known ??= this.read();
    const known = (await this.known).get(name);
    if (this.broken) throw this.broken;
    contextOf(this.tx)?.assertAwaited();
    if (known?.unusable === null) return valueOf(known);
    const kept = await this.callAndKeep(name, call);
    if (kept.unusable === null) return valueOf(kept);
    throw new UnusableResultError(
      `The result of once('${name}') cannot be kept: ${kept.unusable}. Return only what the handler needs of it, as plain JSON.`,
    );
  }

  private async callAndKeep(name: string, call: Call): Promise<Result> {
    this.running.add(name);
    try {
      const value = await call(`${idempotencyKeyOf(this.tx)}/${name}`, signalOf(this.tx));
      return await this.keep(name, resultOf(value));
    } finally {
      this.running.delete(name);
    }
  }

  private check(name: string): void {
    const call = `once('${name}')`;
    if (this.shared)
      throw new ConfigurationError(
        `${call} needs a transaction for its command alone; remove \`transaction: 'per-batch'\` from the handler of ${this.command.type}.`,
      );
    if (typeof name !== 'string' || name.length === 0 || name.length > MAX_NAME || name.includes('\0'))
      throw new ConfigurationError(`${call} needs a name of 1 to ${MAX_NAME} characters, without NUL.`);
    if (this.names.has(name))
      throw new ConfigurationError(`${call} is used twice by one handler. Give each call its own name.`);
    this.names.add(name);
  }

  private async read(): Promise<ReadonlyMap<string, Result>> {
    const { id, sagaid, sagastep, sagadirection } = this.command;
    const [, rows, kept] = await Promise.all([
      this.lock(),
      this.query<Result & { name: string }>('calls', this.journal.statements.read, [sagaid, sagastep, sagadirection]),
      this.journal.inbox.isStored(this.tx, id),
    ]);
    if (kept) throw this.break(new InboxConflictError('stored by another instance'));
    return new Map(rows.map(({ name, ...result }) => [name, result]));
  }

  /** A separate statement, so that it sees what the previous holders of the lock have committed. */
  private lock(): Promise<unknown[]> {
    const { sagaid, sagastep } = this.command;
    return this.query('lock', LOCK, [`${sagaid}/${sagastep}`]);
  }

  private async keep(name: string, result: Result): Promise<Result> {
    const entry = await this.add({ name, result, late: this.broken !== undefined });
    return entry.kept ?? result;
  }

  private async add(call: Pick<Entry, 'name' | 'result' | 'late'>): Promise<Entry> {
    const entry: Entry = { command: this.command, ...call };
    try {
      await this.journal.add(entry);
    } catch (error) {
      const notKept = new CallNotKeptError(call.name, error);
      this.break(notKept);
      throw notKept;
    }
    return entry;
  }

  private break(error: Error): Error {
    this.broken ??= error;
    return error;
  }

  private query<Row>(what: string, text: string, values: unknown[]): Promise<Row[]> {
    return prepared<Row>(this.tx, `palinode-third-party-${what}`, text, values);
  }
}

/** The table of calls to third parties. Results are stored by a batcher, whatever the number of handlers that wait. */
export class ThirdPartyJournal {
  readonly statements: ReturnType<typeof statementsOn>;
  private readonly batcher = new Batcher<Entry>((entries) => this.storeAll(entries));

  constructor(
    private readonly sql: Sql,
    readonly inbox: Inbox,
    tables: Tables = TABLES,
  ) {
    this.statements = statementsOn(tables);
  }

  /** Opens the calls of the handler of this transaction. */
  open(tx: EntityManager, command: Command, transaction: HandlerTransaction): ThirdPartyCalls {
    const calls = new ThirdPartyCalls(tx, command, transaction === 'per-batch', this);
    open.set(tx, calls);
    return calls;
  }

  /** Resolves when the entry is stored. */
  async add(entry: Entry): Promise<void> {
    await this.batcher.add([entry]);
  }

  /** Of the steps of these commands, in their direction, those that have called a third party and are not settled. */
  async readCalled(commands: readonly Answerable[]): Promise<(command: Answerable) => boolean> {
    if (commands.length === 0) return () => false;
    const { rows } = await this.sql.query({
      name: 'palinode-third-party-of-sagas',
      text: this.statements.ofSagas,
      values: [uuidArray(commands.map(({ sagaid }) => sagaid))],
    });
    const called = new Set((rows as StepRow[]).map(keyOf));
    return ({ sagaid, sagastep, sagadirection }) =>
      called.has(keyOf({ saga_id: sagaid, step: sagastep, direction: sagadirection }));
  }

  /**
   * Stores results in one commit that waits for the disk. Two results with the same key go to separate commits; the
   * second finds the first.
   */
  private async storeAll(entries: readonly Entry[]): Promise<void> {
    for (let left = entries.filter(({ late }) => !late); left.length > 0;) {
      const byKey = new Map(left.toReversed().map((entry) => [keyOfEntry(entry), entry]));
      const { rows } = await this.sql.query({
        name: 'palinode-third-party-keep',
        text: this.statements.keep,
        values: columns([...byKey.values()]),
      });
      for (const { result, unusable, name, ...step } of rows as (Result & StepRow & { name: string })[]) {
        const entry = byKey.get(`${keyOf(step)}/${name}`);
        if (entry) entry.kept = { result, unusable };
      }
      const kept = new Set(byKey.values());
      left = left.filter((entry) => !kept.has(entry));
    }
    for (const { command, name, result } of entries.filter(({ late }) => late)) {
      const { sagaid, sagastep, sagadirection } = command;
      const values = [sagaid, sagastep, sagadirection, name, result.result, result.unusable];
      await this.sql.query({ name: 'palinode-third-party-keep-late', text: this.statements.keepLate, values });
    }
  }
}

interface StepRow {
  readonly saga_id: string;
  readonly step: string;
  readonly direction: string;
}

function keyOf({ saga_id, step, direction }: StepRow): string {
  return `${saga_id}/${direction}/${step}`;
}

function keyOfEntry({ command: { sagaid, sagastep, sagadirection }, name }: Entry): string {
  return `${keyOf({ saga_id: sagaid, step: sagastep, direction: sagadirection })}/${name}`;
}

function columns(entries: readonly Entry[]): unknown[] {
  // In the same order in all processes, to prevent deadlocks.
  const sorted = entries.toSorted((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
  return [
    uuidArray(sorted.map(({ command }) => command.sagaid)),
    textArray(sorted.map(({ command }) => command.sagastep)),
    textArray(sorted.map(({ command }) => command.sagadirection)),
    textArray(sorted.map(({ name }) => name)),
    uuidArray(sorted.map(({ command }) => command.id)),
    textArray(sorted.map(({ result }) => result.result)),
    textArray(sorted.map(({ result }) => result.unusable)),
  ];
}

function resultOf(value: unknown): Result {
  const problem = whyNotJson(value);
  if (problem !== undefined) return { result: null, unusable: problem };
  const result = JSON.stringify(value) ?? null;
  const bytes = result === null ? 0 : Buffer.byteLength(result);
  if (bytes <= MAX_RESULT_BYTES) return { result, unusable: null };
  return { result: null, unusable: `it has ${bytes} bytes, and may have ${MAX_RESULT_BYTES}` };
}

/** The first attempt gets the same plain value as later ones, not an object with more. */
function valueOf({ result }: Result): unknown {
  return result === null ? undefined : JSON.parse(result);
}
