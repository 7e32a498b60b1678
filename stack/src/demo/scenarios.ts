import { setTimeout as pause } from 'node:timers/promises';
import type { Surroundings } from './surroundings';

/** Something that goes wrong on purpose, and how the saga ends all the same. */
export interface Scenario {
  readonly name: string;
  /** What goes wrong and what comes of it, in a sentence. */
  readonly shows: string;
  readonly sku?: string;
  /** For the header X-Saga-Fault. */
  readonly fault?: string;
  /** Done around the placing of the order; resolves with the id of its saga. */
  readonly around?: (surroundings: Surroundings, place: () => Promise<string>) => Promise<string>;
  readonly end: 'COMPLETED' | 'COMPENSATED';
  /** What its story must say beside the end, or it proved nothing. */
  readonly mustShow: readonly string[];
}

const AWAY_MS = 10_000;

export const scenarios: readonly Scenario[] = [
  {
    name: 'lost-reply',
    shows:
      'The customer is charged, and the reply that says so is lost: the command is sent again and answered from the inbox.',
    fault: 'payment.capture=drop-reply',
    end: 'COMPLETED',
    mustShow: ['fault: drop-reply', 'payment.capture (again)'],
  },
  {
    name: 'refund-fails-twice',
    shows:
      'Something is sold out, and giving the money back fails twice: a compensation is attempted until it succeeds.',
    sku: 'SKU-OUT-OF-STOCK',
    fault: 'payment.void=fail;count=2',
    end: 'COMPENSATED',
    mustShow: ['fault: fail', 'payment.void (attempt 3)'],
  },
  {
    name: 'participant-dies',
    shows:
      'The payment service is killed right after its commit: the command comes again, and is answered from the inbox.',
    fault: 'payment.capture=crash',
    end: 'COMPLETED',
    mustShow: ['fault: crash'],
  },
  {
    name: 'poison',
    shows:
      'A command arrives with data that fit no contract: it is parked, its sender is told, and a new attempt follows.',
    fault: 'payment.authorize=poison',
    end: 'COMPLETED',
    mustShow: ['fault: poison', 'payment.authorize (attempt 2)'],
  },
  {
    name: 'late-reply',
    shows:
      'Stock is reserved, but every reply comes half a minute late: the saga is held, goes on with the first, and the others change nothing.',
    fault: 'inventory.reserve-stock=late-reply;ms=27000;count=9;every=yes',
    end: 'COMPLETED',
    mustShow: ['fault: late-reply', 'probed: stock', 'replied: stock, which changes nothing (saga-ended)'],
  },
  {
    name: 'broker-away',
    shows:
      'The broker stands still for ten seconds while the order comes: it waits in the outbox, and goes on by itself.',
    around: async ({ broker, knowsSaga }, place) => {
      broker.stop();
      try {
        const sagaId = await place();
        await pause(AWAY_MS);
        if (await knowsSaga(sagaId)) throw new Error('The broker was not away: the saga has begun.');
        return sagaId;
      } finally {
        broker.goOn();
      }
    },
    end: 'COMPLETED',
    mustShow: ['started'],
  },
];
