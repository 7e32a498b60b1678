import { Problem } from '@palinode/service';

export interface StreamLimits {
  /** At this instance. */
  readonly all: number;
  readonly perOrder: number;
  readonly perCustomer: number;
}

/** The order of a stream and its customer. */
export interface Followed {
  readonly orderId: string;
  readonly customerId: string;
}

const RETRY_AFTER_SECONDS = 5;

/** Counts the open event streams of this instance, so that no order and no customer takes all of them. */
export class OpenStreams {
  private readonly byOrder = new Map<string, number>();
  private readonly byCustomer = new Map<string, number>();
  private open = 0;

  constructor(private readonly limits: StreamLimits) {}

  /** The problem that prevents one more stream; undefined when there is room. */
  refusal({ orderId, customerId }: Followed): Problem | undefined {
    const { all, perOrder, perCustomer } = this.limits;
    if (this.open >= all) return tooMany(503, `This instance has ${all} event streams open, its limit`);
    if ((this.byOrder.get(orderId) ?? 0) >= perOrder)
      return tooMany(429, `The order ${orderId} is followed by ${perOrder} streams, its limit`);
    if ((this.byCustomer.get(customerId) ?? 0) >= perCustomer)
      return tooMany(429, `The orders of this customer are followed by ${perCustomer} streams, the limit`);
    return undefined;
  }

  /** Counts a stream; call the returned function when it closes. */
  add({ orderId, customerId }: Followed): () => void {
    this.open += 1;
    change(this.byOrder, orderId, 1);
    change(this.byCustomer, customerId, 1);
    return () => {
      this.open -= 1;
      change(this.byOrder, orderId, -1);
      change(this.byCustomer, customerId, -1);
    };
  }
}

/** Removes keys without streams. */
function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function tooMany(status: 429 | 503, what: string): Problem {
  const detail = `${what}; close one, try again later, or poll the order.`;
  return new Problem(status, {
    code: 'too-many-streams',
    title: 'Too many event streams',
    detail,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
