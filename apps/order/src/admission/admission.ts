/*
 * Which orders are let in. What is let in is seen through, so more than can be done is turned away at the door, where that
 * is cheap: before anything is asked or written. There are two limits:
 *
 * 1. So many orders may be between the door and their commit, at this instance. It is strict: it keeps the wait for a
 *    commit short, and leaves connections to those who read and to the sagas.
 * 2. So many orders may be PENDING in the shop. While they are, one is let in for each that ends: customers wait for as long
 *    as that many take, and no longer. It is generous, since an outage of a participant fills it too.
 *
 * Both follow from what is there, not from rates: nobody has to know what the machine can do.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Problem, type ReadinessCheck } from '@palinode/service';
import { PendingOrders } from './pending-orders';
import { TurnedAway } from './turned-away';

export interface Limits {
  readonly atOnce: number;
  readonly pending: number;
}

const LOOK_EVERY_MS = 60_000;
const LOOK_WHEN_FULL_MS = 10_000;

interface Refusal {
  readonly why: string;
  readonly retryAfterSeconds: number;
}

@Injectable()
export class Admission implements ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Admission.name);
  private readonly turnedAway = new TurnedAway();
  private entering = 0;
  private looks: NodeJS.Timeout | undefined;

  constructor(
    private readonly pending: PendingOrders,
    private readonly limits: Limits,
  ) {}

  /** Does the work of placing an order, or throws a problem (429) without having begun it. */
  async admit<T extends { readonly repeated: boolean }>(place: () => Promise<T>): Promise<T> {
    const refusal = this.refusal();
    if (refusal) {
      this.turnedAway.add(refusal.why);
      throw tooManyOrders(refusal);
    }
    this.entering += 1;
    try {
      const placed = await place();
      if (!placed.repeated) this.pending.placed();
      return placed;
    } finally {
      this.entering -= 1;
    }
  }

  check(): string | undefined {
    return this.turnedAway.state;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look(0);
    this.looks = setInterval(() => void this.look(0), LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.looks);
    this.turnedAway.stop();
  }

  private refusal(): Refusal | undefined {
    const { atOnce, pending } = this.limits;
    if (this.entering >= atOnce) {
      return { why: `${atOnce} are being placed at this moment (ORDERS_AT_ONCE)`, retryAfterSeconds: 1 };
    }
    if (this.pending.count + this.entering < pending) return undefined;
    void this.look(LOOK_WHEN_FULL_MS);
    return { why: `${pending} are PENDING (PENDING_ORDERS)`, retryAfterSeconds: 5 };
  }

  private look(olderThanMs: number): Promise<void> {
    return this.pending
      .look({ olderThanMs })
      .catch((error: unknown) => this.log.warn(`PENDING orders were not counted: ${String(error)}`));
  }
}

/** Says no more than a customer needs to know. */
function tooManyOrders({ retryAfterSeconds }: Refusal): Problem {
  const detail = 'More orders are coming than can be taken. Nothing was ordered; send the same request again later.';
  return new Problem(429, 'too-many-orders', 'Too many orders', detail, undefined, retryAfterSeconds);
}
