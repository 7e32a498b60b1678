import { Problem } from '@palinode/service';

export interface StreamLimits {
  /** At this instance. */
  readonly all: number;
  readonly perOrder: number;
  readonly perCustomer: number;
}

/** Whose order a stream follows. */
export interface Followed {
  readonly orderId: string;
  readonly customerId: string;
}

const RETRY_AFTER_SECONDS = 5;

/** Counts the open event streams of this instance, so that neither one order nor one customer takes them all. */
export class OpenStreams {
  private readonly byOrder = new Map<string, number>();
  private readonly byCustomer = new Map<string, number>();
  private open = 0;

  constructor(private readonly limits: StreamLimits) {}

  /** Why one more stream must not be opened; undefined when it may. */
  refusal({ orderId, customerId }: Followed): Problem | undefined {
    const { all, perOrder, perCustomer } = this.limits;
    if (this.open >= all) return tooMany(503, `This instance has ${all} event streams open, as many as it may`);
    if ((this.byOrder.get(orderId) ?? 0) >= perOrder)
      return tooMany(429, `The order ${orderId} is followed by ${perOrder} streams, as many as it may`);
    if ((this.byCustomer.get(customerId) ?? 0) >= perCustomer)
      return tooMany(429, `The orders of this customer are followed by ${perCustomer} streams, as many as they may`);
    return undefined;
  }

  /** Counts a stream; the function that it returns counts it as closed. */
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

/** Keys without streams are forgotten. */
function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

function tooMany(status: 429 | 503, what: string): Problem {
  const detail = `${what}; close one, try again later, or read the order now and then.`;
  return new Problem(status, 'too-many-streams', 'Too many event streams', detail, undefined, RETRY_AFTER_SECONDS);
}
