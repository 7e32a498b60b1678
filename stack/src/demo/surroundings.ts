import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@palinode/test-support/shop/stack-file';

/** The running stack, as far as a scenario needs it. */
export interface Surroundings {
  readonly orderUrl: string;
  readonly adminUrl: string;
  readonly knowsSaga: (sagaId: string) => Promise<boolean>;
  /** The stack's own broker: it can stand still, and go on. */
  readonly broker: { stop(): void; goOn(): void };
}

/** Finds the stack that runs in this directory. Throws when none does, with what to do. */
export function surroundingsIn(directory: string): Surroundings {
  const { services } = describedIn(directory);
  return {
    orderUrl: services.order.url,
    adminUrl: services.orchestrator.url,
    knowsSaga: async (sagaId) => (await fetch(`${services.orchestrator.url}/v1/sagas/${sagaId}`)).ok,
    broker: {
      stop: () => process.kill(brokerOf(directory), 'SIGSTOP'),
      goOn: () => process.kill(brokerOf(directory), 'SIGCONT'),
    },
  };
}

function describedIn(directory: string): StackDescription {
  try {
    return JSON.parse(readFileSync(join(directory, 'stack.json'), 'utf8')) as StackDescription;
  } catch {
    throw new Error('No stack runs here; start one with npm start, and run this in another terminal.');
  }
}

function brokerOf(directory: string): number {
  try {
    return Number(readFileSync(join(directory, 'broker.pid'), 'utf8'));
  } catch {
    throw new Error('This stack uses a broker that it did not start; stop and continue it yourself.');
  }
}
