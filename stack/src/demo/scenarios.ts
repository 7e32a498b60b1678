import { setTimeout as sleep } from 'node:timers/promises';
import type { StackContext } from './stack-context';

/** A fault and the saga's expected end. */
export interface Scenario {
  readonly name: string;
  /** The fault and its outcome, in one sentence. */
  readonly shows: string;
  readonly sku?: string;
  /** For the header X-Saga-Fault. */
  readonly fault?: string;
  /** Runs around the placing of the order; resolves with the id of its saga. */
  readonly around?: (context: StackContext, place: () => Promise<string>) => Promise<string>;
  readonly end: 'COMPLETED' | 'COMPENSATED';
  /** Lines that the timeline must contain, to prove that the fault occurred. */
  readonly expectedLines: readonly string[];
}

const AWAY_MS = 10_000;

export const scenarios: readonly Scenario[] = [
  {
    name: 'lost-reply',
    shows:
      'The customer is charged, and the reply that says so is lost: the command is sent again and answered from the inbox.',
    fault: 'payment.capture=drop-reply',
    end: 'COMPLETED',
    expectedLines: ['fault: drop-reply', 'payment.capture (again)'],
  },
  {
    name: 'refund-fails-twice',
    shows:
      'Something is sold out, and giving the money back fails twice: a compensation is attempted until it succeeds.',
    sku: 'SKU-OUT-OF-STOCK',
    fault: 'payment.void=fail;count=2',
    end: 'COMPENSATED',
    expectedLines: ['fault: fail', 'payment.void (attempt 3)'],
  },
  {
    name: 'participant-dies',
    shows:
      'The payment service is killed right after its commit: the command comes again, and is answered from the inbox.',
    fault: 'payment.capture=crash',
    end: 'COMPLETED',
    expectedLines: ['fault: crash'],
  },
  {
    name: 'poison',
    shows:
      'A command arrives with data that fit no contract: it is parked, its sender is told, and a new attempt follows.',
    fault: 'payment.authorize=poison',
    end: 'COMPLETED',
    expectedLines: ['fault: poison', 'payment.authorize (attempt 2)'],
  },
  {
    name: 'late-reply',
    shows:
      'Stock is reserved, but every reply comes half a minute late: the saga is held, goes on with the first, and the others change nothing.',
    fault: 'inventory.reserve-stock=late-reply;ms=27000;count=9;every=yes',
    end: 'COMPLETED',
    expectedLines: ['fault: late-reply', 'probed: stock', 'replied: stock, which changes nothing (saga-ended)'],
  },
  {
    name: 'broker-away',
    shows:
      'The broker stands still for ten seconds while the order comes: it waits in the outbox, and goes on by itself.',
    around: async ({ broker, knowsSaga }, place) => {
      broker.stop();
      try {
        const sagaId = await place();
        await sleep(AWAY_MS);
        if (await knowsSaga(sagaId)) throw new Error('The broker was not away: the saga has begun.');
        return sagaId;
      } finally {
        broker.resume();
      }
    },
    end: 'COMPLETED',
    expectedLines: ['started'],
  },
];
