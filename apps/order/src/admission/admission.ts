/*
 * Decides which orders to accept. An accepted order is carried out, so an overloaded shop turns new orders away before it
 * reads or writes anything. There are two limits:
 *
 * 1. The number of orders that this instance is placing at once, from the request to the commit. It is strict. It keeps the
 *    wait for a commit short and leaves connections to read requests and to sagas.
 * 2. The number of PENDING orders in the shop. At the limit, one order is admitted for each that ends, which bounds a
 *    customer's wait. While a service that orders need is away, a higher limit applies, until the backlog is processed.
 *
 * Both are counts, not rates, so they need not be adapted to the machine.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Problem, type Admission as AdmissionPort, type ReadinessCheck } from '@palinode/service';
import { PendingOrders } from './pending-orders';
import { TurnedAwayLog } from './turned-away-log';

export interface Limits {
  readonly atOnce: number;
  readonly pending: number;
  readonly inOutage: number;
}

const COUNT_EVERY_MS = 60_000;
const COUNT_WHEN_FULL_MS = 10_000;

/** Created once: an overloaded service should not spend time on stack traces. */
const AT_ONCE = tooManyOrders(1);
const FULL = tooManyOrders(5);

@Injectable()
export class Admission implements AdmissionPort, ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Admission.name);
  private readonly turnedAway = new TurnedAwayLog();
  private placing = 0;
  private usesOutageLimit = false;
  private looks: NodeJS.Timeout | undefined;

  constructor(
    private readonly pending: PendingOrders,
    private readonly limits: Limits,
    private readonly isOutage: () => boolean = () => false,
  ) {}

  /** Runs `place`, or throws a problem (429) without calling it. */
  async admit<T extends { readonly repeated: boolean }>(place: () => Promise<T>): Promise<T> {
    // Other orders may have been admitted since `refusal` was checked.
    const problem = this.problem();
    if (problem) throw problem;
    this.placing += 1;
    try {
      const placed = await place();
      if (!placed.repeated) this.pending.placed();
      return placed;
    } finally {
      this.placing -= 1;
    }
  }

  /** The check before the request's body is read: an order that is turned away costs no parsing and no log line. */
  refusal({ method, path }: Parameters<AdmissionPort['refusal']>[0]): Problem | undefined {
    return method === 'POST' && path === '/orders' ? this.problem() : undefined;
  }

  check(): string | undefined {
    return this.turnedAway.state;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.recount(0);
    this.looks = setInterval(() => void this.recount(0), COUNT_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.looks);
    this.turnedAway.stop();
  }

  private problem(): Problem | undefined {
    const { atOnce } = this.limits;
    if (this.placing >= atOnce) {
      this.turnedAway.add(`${atOnce} are being placed (ORDERS_AT_ONCE)`);
      return AT_ONCE;
    }
    const count = this.pending.count + this.placing;
    const { limit, name } = this.limitFor(count);
    if (count < limit) return undefined;
    void this.recount(COUNT_WHEN_FULL_MS);
    this.turnedAway.add(`${limit} are PENDING (${name})`);
    return FULL;
  }

  /** After an outage the higher limit stays until fewer orders are PENDING than the normal limit. */
  private limitFor(count: number): { readonly limit: number; readonly name: string } {
    const { pending, inOutage } = this.limits;
    this.usesOutageLimit = this.isOutage() || (this.usesOutageLimit && count >= pending);
    return this.usesOutageLimit && inOutage > pending
      ? { limit: inOutage, name: 'PENDING_ORDERS_IN_OUTAGE' }
      : { limit: pending, name: 'PENDING_ORDERS' };
  }

  private recount(olderThanMs: number): Promise<void> {
    return this.pending
      .recount({ olderThanMs })
      .catch((error: unknown) => this.log.warn(`PENDING orders were not counted: ${String(error)}`));
  }
}

/** The response hides internals from the customer. */
function tooManyOrders(retryAfterSeconds: number): Problem {
  const detail =
    'The shop cannot take more orders at the moment. Nothing was ordered; send the same request again later.';
  return new Problem(429, { code: 'too-many-orders', title: 'Too many orders', detail, retryAfterSeconds });
}
