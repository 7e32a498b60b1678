/*
 * Crashes each role at each point of message processing, at the n-th message: a fault on demand kills the process with
 * SIGKILL at that instruction, and the launcher restarts it.
 */
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';

export interface Cell {
  readonly service: ServiceName;
  readonly role: 'participant' | 'starter' | 'orchestrator';
  readonly point: string;
  readonly n: number;
}

const POINTS = {
  participant: ['received', 'before-handler', 'before-commit', 'after-commit', 'before-publish', 'after-publish'],
  starter: ['before-commit', 'after-commit', 'before-publish', 'after-publish'],
  orchestrator: ['received', 'before-commit', 'after-commit', 'before-publish', 'after-publish'],
} as const;

/** Payment's handlers have a transaction per command; those of order and inventory share one per batch. */
const ROLES: readonly (readonly [ServiceName, Cell['role']])[] = [
  ['order', 'starter'],
  ['orchestrator', 'orchestrator'],
  ['payment', 'participant'],
  ['inventory', 'participant'],
  ['order', 'participant'],
];

/** All points, roles and values of n. */
export function cellsFor(counts: readonly number[]): Cell[] {
  return ROLES.flatMap(([service, role]) =>
    POINTS[role].flatMap((point) => counts.map((n) => ({ service, role, point, n }))),
  );
}

/**
 * Crashes services in all these cells, in rounds: in each, every service crashes once at most, so that work continues
 * between them. Resolves with the cells whose crash verifiably happened.
 */
export async function crashInEach(stack: Stack, cells: readonly Cell[]): Promise<Cell[]> {
  const crashed: Cell[] = [];
  for (const round of roundsOf(cells)) {
    await stack.ready();
    const outcomes = await Promise.allSettled(round.map((cell) => crashIn(stack, cell)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      crashed.push(outcome.value);
    }
  }
  return crashed;
}

/** Each round takes one remaining cell of every service. */
function roundsOf(cells: readonly Cell[]): Cell[][] {
  const rounds: Cell[][] = [];
  for (const service of serviceNames) {
    const own = cells.filter((cell) => cell.service === service);
    own.forEach((cell, index) => (rounds[index] ??= []).push(cell));
  }
  return rounds;
}

/** Retries, because the orchestrator, which arms the faults, is also killed. */
const WAIT = { everyMs: 50 };

async function crashIn(stack: Stack, cell: Cell): Promise<Cell> {
  const { service, role, point, n } = cell;
  const name = `a crash of ${service} (${role}) ${point}, message ${n}`;
  const pid = stack.services[service].pid;
  const rule = {
    service,
    point,
    ...commandOf(cell),
    effect: { type: 'crash' },
    skip: n - 1,
    count: 1,
  };
  const { id } = await waitUntil(`${name} to be armed`, () => armed(stack, rule), WAIT);
  const hit = async (): Promise<boolean> => (await faults<{ hits: number }>(stack, `/${id}`)).hits === 1;
  await waitUntil(name, hit, WAIT);
  await waitUntil(`${name} to end the process`, () => stack.services[service].pid !== pid, WAIT);
  await waitUntil(`${name} to be disarmed`, () => disarm(stack, id), WAIT);
  return cell;
}

/** The order service both starts sagas and handles commands; the faults of the others match any message. */
function commandOf({ service, role }: Cell): { command?: string } {
  if (role === 'starter') return { command: 'orchestrator.start-saga' };
  return service === 'order' ? { command: 'order.confirm' } : {};
}

/** A request that fails when the orchestrator is killed may still have armed the fault, so it is not repeated. */
async function armed(stack: Stack, rule: object): Promise<Armed> {
  const { items } = await faults<{ items: Armed[] }>(stack, '');
  const wanted = Object.entries(rule);
  const found = items.find((each) =>
    wanted.every(([field, value]) => JSON.stringify(each[field]) === JSON.stringify(value)),
  );
  return found ?? faults<Armed>(stack, '', 'POST', rule);
}

interface Armed {
  readonly id: string;
  readonly [field: string]: unknown;
}

async function disarm(stack: Stack, id: string): Promise<boolean> {
  const { status } = await fetch(`${stack.adminUrl}/v1/faults/${id}`, { method: 'DELETE' });
  return status === 204 || status === 404;
}

async function faults<Body>(stack: Stack, path: string, method = 'GET', body?: object): Promise<Body> {
  const response = await fetch(`${stack.adminUrl}/v1/faults${path}`, {
    method,
    signal: AbortSignal.timeout(5_000),
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  if (!response.ok)
    throw new Error(`${method} /v1/faults${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}
