/*
 * One service of the shop is away for a while, in each way in which a service can be: its process is stopped, it stands still,
 * what it does fails, or what it does never ends. The others, and its own HTTP side where it has one left, go on.
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

/** Begins an outage, and returns what ends it. */
type Begin = (stack: Stack, service: Participant) => Promise<() => Promise<void>>;

const BEGIN = {
  stopped: async ({ services }, service) => {
    await services[service].kill();
    return () => services[service].restart();
  },
  frozen: async ({ services }, service) => {
    const { pid } = services[service];
    if (pid === undefined) throw new Error(`${service} has no process that could stand still.`);
    process.kill(pid, 'SIGSTOP');
    return async () => void process.kill(pid, 'SIGCONT');
  },
  /** Every handler writes into this table, and nothing else does. */
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

/** Resolves when the outage is over; a service that was stopped has begun to start by then. */
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

/** Each way in which each service can be away, one after the other. */
export const longOutages: readonly (readonly Outage[])[] = SERVICES.flatMap((service) =>
  Object.entries(LONG).map(([kind, seconds]) => [{ service, kind: kind as Outage['kind'], seconds }]),
);

/**
 * As long as it takes the saga to give up on a participant that does not answer (25 s), and on one that fails (4 s). Nothing
 * that a customer could notice depends on how long it takes the order service to confirm what was paid.
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
