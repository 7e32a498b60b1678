/** A fault and the saga's expected final status. `npm run demo` runs them, and so does the console. */
export interface Scenario {
  readonly name: string;
  /** The fault and its outcome, in one sentence. */
  readonly shows: string;
  readonly sku?: string;
  /** The value of the header X-Saga-Fault. */
  readonly fault?: string;
  /** The server that is suspended while the order is placed, and resumed after ten seconds. */
  readonly suspends?: 'broker';
  readonly end: 'COMPLETED' | 'COMPENSATED';
  /** Lines that the timeline must contain, to prove that the fault occurred. */
  readonly expectedLines: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'lost-reply',
    shows: 'The customer is charged, and the reply is lost: the command is resent and answered from the inbox.',
    fault: 'payment.capture=drop-reply',
    end: 'COMPLETED',
    expectedLines: ['fault: drop-reply', 'payment.capture (again)'],
  },
  {
    name: 'refund-fails-twice',
    shows: 'An article is sold out, and the refund fails twice: the compensation is retried until it succeeds.',
    sku: 'SKU-OUT-OF-STOCK',
    fault: 'payment.void=fail;count=2',
    end: 'COMPENSATED',
    expectedLines: ['fault: fail', 'payment.void (attempt 3)'],
  },
  {
    name: 'participant-dies',
    shows:
      'The payment service is killed right after its commit: the command is redelivered, and is answered from the inbox.',
    fault: 'payment.capture=crash',
    end: 'COMPLETED',
    expectedLines: ['fault: crash'],
  },
  {
    name: 'poison',
    shows:
      'A command arrives with invalid data: it is dead-lettered and answered with a failure, and a new attempt follows.',
    fault: 'payment.authorize=poison',
    end: 'COMPLETED',
    expectedLines: ['fault: poison', 'payment.authorize (attempt 2)'],
  },
  {
    name: 'late-reply',
    shows:
      'Stock is reserved, but every reply is half a minute late: the saga is held, continues with the first, and ignores the others.',
    fault: 'inventory.reserve-stock=late-reply;ms=27000;count=9;every=yes',
    end: 'COMPLETED',
    expectedLines: ['fault: late-reply', 'probed: stock', 'replied: stock, which changes nothing (saga-ended)'],
  },
  {
    name: 'broker-away',
    shows:
      'The broker is suspended for ten seconds during the order: the start waits in the outbox, and the saga begins when the broker is back.',
    suspends: 'broker',
    end: 'COMPLETED',
    expectedLines: ['started'],
  },
];
