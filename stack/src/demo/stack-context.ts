import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@palinode/test-support/shop/stack-file';

/** The parts of the running stack that scenarios use. */
export interface StackContext {
  readonly orderUrl: string;
  readonly adminUrl: string;
  readonly brokers: readonly string[];
  readonly knowsSaga: (sagaId: string) => Promise<boolean>;
  /** The stack's own broker, which scenarios can suspend and resume. */
  readonly broker: { stop(): void; resume(): void };
}

/** Finds the stack that runs in this directory. Throws an error with the remedy when none runs. */
export function findStackContext(directory: string): StackContext {
  const { services, brokers } = describedIn(directory);
  return {
    orderUrl: services.order.url,
    adminUrl: services.orchestrator.url,
    brokers,
    knowsSaga: async (sagaId) => (await fetch(`${services.orchestrator.url}/v1/sagas/${sagaId}`)).ok,
    broker: {
      stop: () => process.kill(brokerOf(directory), 'SIGSTOP'),
      resume: () => process.kill(brokerOf(directory), 'SIGCONT'),
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
    throw new Error('This stack uses a broker that it did not start; suspend and resume it yourself.');
  }
}
