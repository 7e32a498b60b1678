/*
 * Which orders are let in. What is let in is seen through, so more than can be done is turned away at the door, where that
 * is cheap: before anything is asked or written. There are two limits:
 *
 * 1. So many orders may be between the door and their commit, at this instance. It is strict: it keeps the wait for a
 *    commit short, and leaves connections to those who read and to the sagas.
 * 2. So many orders may be PENDING in the shop. While they are, one is let in for each that ends: customers wait for as long
 *    as that many take, and no longer. While a service is away that orders need, there is room for those that wait for it,
 *    until what has piled up is worked off.
 *
 * Both follow from what is there, not from rates: nobody has to know what the machine can do.
 */
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Problem, type Door, type ReadinessCheck } from '@palinode/service';
import { PendingOrders } from './pending-orders';
import { TurnedAway } from './turned-away';

export interface Limits {
  readonly atOnce: number;
  readonly pending: number;
  readonly inOutage: number;
}

const LOOK_EVERY_MS = 60_000;
const LOOK_WHEN_FULL_MS = 10_000;

/** Made once: an overloaded service has better things to do than to write down stacks. */
const AT_ONCE = tooManyOrders(1);
const FULL = tooManyOrders(5);

@Injectable()
export class Admission implements Door, ReadinessCheck, OnApplicationBootstrap, OnModuleDestroy {
  readonly optional = true;
  private readonly log = new Logger(Admission.name);
  private readonly turnedAway = new TurnedAway();
  private entering = 0;
  private bridging = false;
  private looks: NodeJS.Timeout | undefined;

  constructor(
    private readonly pending: PendingOrders,
    private readonly limits: Limits,
    private readonly isOutage: () => boolean = () => false,
  ) {}

  /** Does the work of placing an order, or throws a problem (429) without having begun it. */
  async admit<T extends { readonly repeated: boolean }>(place: () => Promise<T>): Promise<T> {
    // Others may have come in between the door and here.
    const problem = this.problem();
    if (problem) throw problem;
    this.entering += 1;
    try {
      const placed = await place();
      if (!placed.repeated) this.pending.placed();
      return placed;
    } finally {
      this.entering -= 1;
    }
  }

  /** At the door, where it costs least to turn an order away: its body is not read, and nothing is logged of it alone. */
  refusal({ method, path }: Parameters<Door['refusal']>[0]): Problem | undefined {
    return method === 'POST' && path === '/orders' ? this.problem() : undefined;
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

  private problem(): Problem | undefined {
    const { atOnce } = this.limits;
    if (this.entering >= atOnce) {
      this.turnedAway.add(`${atOnce} are being placed at this moment (ORDERS_AT_ONCE)`);
      return AT_ONCE;
    }
    const count = this.pending.count + this.entering;
    const { limit, name } = this.limitFor(count);
    if (count < limit) return undefined;
    void this.look(LOOK_WHEN_FULL_MS);
    this.turnedAway.add(`${limit} are PENDING (${name})`);
    return FULL;
  }

  /** Once an outage has made room, there is room until so few are left that they need none. */
  private limitFor(count: number): { readonly limit: number; readonly name: string } {
    const { pending, inOutage } = this.limits;
    this.bridging = this.isOutage() || (this.bridging && count >= pending);
    return this.bridging && inOutage > pending
      ? { limit: inOutage, name: 'PENDING_ORDERS_IN_OUTAGE' }
      : { limit: pending, name: 'PENDING_ORDERS' };
  }

  private look(olderThanMs: number): Promise<void> {
    return this.pending
      .look({ olderThanMs })
      .catch((error: unknown) => this.log.warn(`PENDING orders were not counted: ${String(error)}`));
  }
}

/** Says no more than a customer needs to know. */
function tooManyOrders(retryAfterSeconds: number): Problem {
  const detail = 'More orders are coming than can be taken. Nothing was ordered; send the same request again later.';
  return new Problem(429, 'too-many-orders', 'Too many orders', detail, undefined, retryAfterSeconds);
}
