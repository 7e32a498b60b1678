/*
 * Checks the shop after each round: no group is stuck, no process has ended or grown, and dead letters and logs are
 * complete.
 */
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNames } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { query } from '../end-to-end/books';

/** The longest log line. Logs quote at most a thousand characters of a message; a stack is longer. */
export const MOST_LOG_CHARACTERS = 8 * 1024;
/** The state of a saga with the largest possible start message, with some margin. */
const MOST_STATE_BYTES = 2 * 256 * 1024;
const PARTICIPANTS = ['order', 'payment', 'inventory', 'orchestrator'] as const;

export type MemoryMb = Readonly<Record<string, number>>;

export class Health {
  private readonly pids: Readonly<Record<string, number | undefined>>;
  private readonly logs: readonly LogFile[];
  private readonly admin: Admin;

  private constructor(
    private readonly stack: Stack,
    private readonly withinMs: number,
  ) {
    this.pids = pidsOf(stack);
    this.logs = serviceNames.map((name) => new LogFile(name, join(stack.directory, 'logs', `${name}.log`)));
    this.admin = new Kafka({ brokers: [...stack.brokers], logLevel: logLevel.NOTHING }).admin();
  }

  static async of(stack: Stack, withinMs: number): Promise<Health> {
    const health = new Health(stack, withinMs);
    await health.admin.connect();
    return health;
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Waits for the conditions that may take time, then checks the others once. */
  async problems(): Promise<string[]> {
    const found = [...(await this.standstills()), ...(await this.unready())];
    return [...found, ...this.deaths(), ...this.badLines(), ...(await this.badRows()), ...(await this.badAnswers())];
  }

  /** The resident memory of each process, in MB. */
  async memoryMb(): Promise<MemoryMb> {
    const sizes = Object.entries(this.pids).map(async ([name, pid]) => [name, await residentMb(pid ?? 0)] as const);
    return Object.fromEntries(await Promise.all(sizes));
  }

  /** Partitions that a group has not read to the end in time. */
  private async standstills(): Promise<string[]> {
    let behind: string[] = [];
    const none = async (): Promise<boolean> => {
      behind = await this.behind();
      return behind.length === 0;
    };
    await waitUntil('every group to be at the end', none, { deadlineMs: this.withinMs, everyMs: 300 }).catch(
      () => undefined,
    );
    return behind.map((each) => `After ${this.withinMs / 1_000} s, ${each}.`);
  }

  private async behind(): Promise<string[]> {
    const ends = await this.ends();
    const { groups } = await this.admin.listGroups();
    const all = await Promise.all(groups.map(({ groupId }) => this.behindOf(groupId, ends)));
    return all.flat();
  }

  private async behindOf(groupId: string, ends: ReadonlyMap<string, number>): Promise<string[]> {
    if (groupId.startsWith('fuzz-')) return [];
    const committed = await this.admin.fetchOffsets({ groupId });
    return committed.flatMap(({ topic, partitions }) =>
      partitions
        .filter(
          ({ partition, offset }) => Number(offset) >= 0 && Number(offset) < (ends.get(`${topic}/${partition}`) ?? 0),
        )
        .map(
          ({ partition, offset }) =>
            `${groupId} is at ${offset} of ${topic}/${partition}, which ends at ${ends.get(`${topic}/${partition}`)}`,
        ),
    );
  }

  private async ends(): Promise<Map<string, number>> {
    const topics = (await this.admin.listTopics()).filter((name) => !name.startsWith('__'));
    const offsets = await Promise.all(
      topics.map(async (topic) =>
        (await this.admin.fetchTopicOffsets(topic)).map(
          ({ partition, high }) => [`${topic}/${partition}`, Number(high)] as const,
        ),
      ),
    );
    return new Map(offsets.flat());
  }

  private async unready(): Promise<string[]> {
    return this.stack.ready(this.withinMs).then(
      () => [],
      (error: Error) => [error.message],
    );
  }

  private deaths(): string[] {
    const now = pidsOf(this.stack);
    return Object.entries(this.pids)
      .filter(([name, pid]) => now[name] !== pid)
      .map(([name]) => `${name} has ended, and was restarted.`);
  }

  private badLines(): string[] {
    return this.logs.flatMap((log) => log.badLines());
  }

  private async badRows(): Promise<string[]> {
    const { databases } = this.stack;
    const found: string[] = [];
    const expectNone = async (what: string, url: string, sql: string): Promise<void> => {
      for (const row of await query(url, sql)) found.push(`${what}: ${JSON.stringify(row)}`);
    };
    await expectNone(
      'a saga with a large state',
      databases.orchestrator,
      `SELECT id, length(state) AS length FROM saga WHERE length(state) > ${MOST_STATE_BYTES} LIMIT 3`,
    );
    await expectNone(
      'a large event in a history',
      databases.orchestrator,
      `SELECT saga_id, seq, length(event) AS length FROM saga_history WHERE length(event) > ${MOST_STATE_BYTES} LIMIT 3`,
    );
    await expectNone(
      'a dead letter without a reason',
      databases.orchestrator,
      `SELECT id, reason, detail FROM dead_letter WHERE reason = '' OR detail ~ '[[:cntrl:]]' OR length(detail) > 1000 LIMIT 3`,
    );
    for (const service of PARTICIPANTS) {
      let waiting: unknown[] = [];
      const empty = async (): Promise<boolean> => {
        waiting = await query(databases[service], 'SELECT id FROM outbox');
        return waiting.length === 0;
      };
      // Orders continue, so it is empty from time to time.
      await waitUntil(`the outbox of ${service} to be empty`, empty, { deadlineMs: this.withinMs, everyMs: 50 }).catch(
        () => found.push(`${waiting.length} rows are left in the outbox of ${service}.`),
      );
    }
    return found;
  }

  /** Expects a response from every API that reads stored messages. */
  private async badAnswers(): Promise<string[]> {
    const { orchestrator, order, payment, inventory, notifications, reporting } = this.stack.services;
    const fixed = [
      `${orchestrator.url}/v1/sagas?limit=200`,
      `${orchestrator.url}/v1/dead-letters?limit=200`,
      `${orchestrator.url}/v1/definitions`,
      `${order.url}/orders`,
      `${payment.url}/payments`,
      `${inventory.url}/stock`,
      `${notifications.url}/notifications`,
      `${reporting.url}/reports/sales`,
      `${reporting.url}/reports/lag`,
    ];
    const sagas = await query<{ id: string }>(
      this.stack.databases.orchestrator,
      'SELECT id FROM saga ORDER BY length(state) DESC LIMIT 10',
    );
    const all = [...fixed, ...sagas.map(({ id }) => `${orchestrator.url}/v1/sagas/${id}`)];
    return (await Promise.all(all.map(badAnswer))).flat();
  }
}

async function badAnswer(url: string): Promise<string[]> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    const body = await answer.text();
    return answer.status < 500 ? [] : [`GET ${url} is answered ${answer.status}: ${body.slice(0, 300)}`];
  } catch (error) {
    return [`GET ${url} is not answered: ${String(error)}`];
  }
}

function pidsOf({ services, serverPids }: Stack): Record<string, number | undefined> {
  const ofServices = serviceNames.map((name) => [name, services[name].pid] as const);
  return { ...Object.fromEntries(ofServices), broker: serverPids.broker };
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024);
}

/** Reads on from the last position. */
class LogFile {
  private at = 0;
  private rest = '';

  constructor(
    private readonly service: string,
    private readonly file: string,
  ) {}

  badLines(): string[] {
    const lines = (this.rest + this.more()).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      const problem = lineProblem(line);
      return problem === undefined ? [] : [`${this.service} logged ${problem}: ${JSON.stringify(line.slice(0, 300))}`];
    });
  }

  private more(): string {
    const { size } = statSync(this.file);
    const bytes = Buffer.alloc(size - this.at);
    const file = openSync(this.file, 'r');
    readSync(file, bytes, 0, bytes.length, this.at);
    closeSync(file);
    this.at = size;
    return bytes.toString('utf8');
  }
}

/** A line and its message contain no control characters that a terminal or a line reader would interpret. */
export function lineProblem(line: string): string | undefined {
  if (line.length > MOST_LOG_CHARACTERS) return `a line of ${line.length} characters`;
  if (/\p{Cc}/u.test(line)) return 'a line with control characters';
  const message = messageIn(line);
  return /\p{Cc}/u.test(message) ? 'a message with control characters' : undefined;
}

function messageIn(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    return typeof msg === 'string' ? msg : '';
  } catch {
    return line;
  }
}
