/*
 * Outages of one service, of each kind: its process is stopped, is suspended, its handlers fail, or its handlers never
 * end. The other services, and its own HTTP API if its process runs, continue.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Stack } from '@palinode/test-support/shop/stack';

export type Participant = 'order' | 'payment' | 'inventory';

export interface Outage {
  readonly service: Participant;
  readonly kind: keyof typeof BEGIN;
  readonly seconds: number;
}

/** Starts an outage, and returns a function that ends it. */
type Begin = (stack: Stack, service: Participant) => Promise<() => Promise<void>>;

const BEGIN = {
  stopped: async ({ services }, service) => {
    await services[service].kill();
    return () => services[service].restart();
  },
  frozen: async ({ services }, service) => {
    const { pid } = services[service];
    if (pid === undefined) throw new Error(`${service} has no process to suspend.`);
    process.kill(pid, 'SIGSTOP');
    return async () => void process.kill(pid, 'SIGCONT');
  },
  /** Only handlers write into this table, and every handler does. */
  failing: async ({ databases }, service) => {
    await execute(databases[service], 'ALTER TABLE effects RENAME TO effects_away');
    return () => execute(databases[service], 'ALTER TABLE effects_away RENAME TO effects');
  },
  hanging: async ({ databases }, service) => {
    const client = new Client({ connectionString: databases[service] });
    await client.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE effects IN SHARE MODE');
    return () => client.end();
  },
} satisfies Record<string, Begin>;

/** Resolves when the outage is over; a stopped service has begun to start by then. */
export async function suffer(stack: Stack, { service, kind, seconds }: Outage): Promise<void> {
  const end = await BEGIN[kind](stack, service);
  try {
    await sleep(1_000 * seconds);
  } finally {
    await end();
  }
}

export const nameOf = ({ service, kind, seconds }: Outage): string => `${service} ${kind} for ${seconds} s`;

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const SERVICES: readonly Participant[] = ['payment', 'inventory', 'order'];
const LONG: Readonly<Record<Outage['kind'], number>> = { stopped: 120, frozen: 60, failing: 60, hanging: 60 };

/** Each kind of outage of each service, one after the other. */
export const longOutages: readonly (readonly Outage[])[] = SERVICES.flatMap((service) =>
  Object.entries(LONG).map(([kind, seconds]) => [{ service, kind: kind as Outage['kind'], seconds }]),
);

/**
 * The times after which a saga gives up on a participant that does not answer (25 s), and on one that fails (4 s). The
 * order service's confirmation of a payment has no such limit.
 */
export const shortOutages: readonly (readonly Outage[])[] = [
  [
    { service: 'payment', kind: 'stopped', seconds: 28 },
    { service: 'inventory', kind: 'hanging', seconds: 28 },
  ],
  [
    { service: 'payment', kind: 'failing', seconds: 8 },
    { service: 'order', kind: 'failing', seconds: 8 },
  ],
];
