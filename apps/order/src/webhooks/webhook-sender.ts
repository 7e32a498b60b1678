/*
 * Calls the webhooks that are due. Invariants:
 *
 * 1. Deliveries are in the table, written in the transaction of their event: a crash loses none.
 * 2. Each attempt holds a lease that is longer than the call may take: two instances do not send the same delivery at once,
 *    unless a process stalls for longer than that. Receivers deduplicate by id.
 * 3. Calls in progress are limited, in total and per host, so a target that never answers delays only its own deliveries.
 *    When all calls are occupied, the next free call goes to the customer with the fewest calls in progress, and among
 *    equals to a delivery that has not failed yet. So other customers wait for one call to end, not for a backlog, however
 *    many hosts one customer names.
 */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { ReadinessCheck } from '@palinode/service';
import { Webhook } from 'standardwebhooks';
import { present } from '../following/order-event';
import { OrderEnvironment } from '../order-environment';
import { type CallOutcome, WebhookCaller } from './webhook-call';
import { type Attempt, type DeliveryStatus, WebhookQueue } from './webhook-queue';

const POLL_INTERVAL_MS = 1_000;
const MAX_CALLS_PER_HOST = 4;
const LEASE_BEYOND_TIMEOUT_MS = 30_000;

@Injectable()
export class WebhookSender implements ReadinessCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Orders are accepted without it. */
  readonly optional = true;
  private readonly log = new Logger(WebhookSender.name);
  private readonly stopping = new AbortController();
  private readonly calls = new Map<Attempt, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private problem: string | undefined;

  constructor(
    private readonly queue: WebhookQueue,
    private readonly caller: WebhookCaller,
    private readonly environment: OrderEnvironment,
  ) {}

  onApplicationBootstrap(): void {
    if (this.environment.WEBHOOK_HOSTS.length === 0) return;
    this.timer = setInterval(() => this.poll(), POLL_INTERVAL_MS);
  }

  check(): string | undefined {
    return this.problem;
  }

  /** Deliveries may be due. */
  poll(): void {
    if (this.timer === undefined || this.looking !== undefined || this.stopping.signal.aborted) return;
    this.looking = this.begin()
      .then(
        () => (this.problem = undefined),
        (error: unknown) => {
          this.problem = `webhooks that are due cannot be read: ${String(error)}`;
          this.log.warn(this.problem);
        },
      )
      .finally(() => (this.looking = undefined));
  }

  /** Aborts calls in progress; another instance repeats them at once. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.looking;
    await Promise.all(this.calls.values());
  }

  private async begin(): Promise<void> {
    const free = this.environment.WEBHOOK_CALLS - this.calls.size;
    if (free <= 0) return;
    const leaseMs = this.environment.WEBHOOK_TIMEOUT_MS + LEASE_BEYOND_TIMEOUT_MS;
    const attempts = await this.queue.claim({ ...this.inProgress(), perHost: MAX_CALLS_PER_HOST, free, leaseMs });
    for (const attempt of attempts) this.calls.set(attempt, this.deliver(attempt));
  }

  private inProgress(): { busy: Map<string, number>; occupied: Map<string, number> } {
    const [busy, occupied] = [new Map<string, number>(), new Map<string, number>()];
    for (const { host, customer } of this.calls.keys()) {
      busy.set(host, (busy.get(host) ?? 0) + 1);
      occupied.set(customer, (occupied.get(customer) ?? 0) + 1);
    }
    return { busy, occupied };
  }

  private async deliver(attempt: Attempt): Promise<void> {
    try {
      const body = JSON.stringify({ type: `order.${attempt.event}`, timestamp: attempt.at, data: present(attempt) });
      const headers = signed({ id: attempt.id, body }, this.environment.WEBHOOK_SECRET, new Date());
      const { WEBHOOK_TIMEOUT_MS: timeoutMs } = this.environment;
      const { signal } = this.stopping;
      await this.note(attempt, await this.caller.call({ url: attempt.url, headers, body, timeoutMs, signal }));
    } catch (error) {
      // The lease ends, and the delivery is retried.
      this.log.warn(
        `A webhook of order ${attempt.orderId} was called, but the outcome could not be stored: ${String(error)}`,
      );
    } finally {
      this.calls.delete(attempt);
      this.poll();
    }
  }

  private async note(attempt: Attempt, outcome: CallOutcome): Promise<void> {
    const { WEBHOOK_HOURS: hours, WEBHOOK_FIRST_RETRY_MS: firstMs } = this.environment;
    const stopped = this.stopping.signal.aborted;
    const inMs = stopped ? 0 : backoffMs(attempt.attempts, firstMs, Math.random(), outcome.retryAfterMs);
    const status = await this.queue.recordOutcome(attempt, outcome, { status: statusAfter(outcome), inMs, hours });
    if (status === 'GIVEN_UP') {
      const why = outcome.problem ?? `it answered with ${outcome.status}`;
      this.log.warn(`Gave up a webhook of order ${attempt.orderId} to ${attempt.host}: ${why}`);
    }
  }
}

/** 410 means that the target wants no more calls. Every other failure may succeed later. */
function statusAfter({ status = 0 }: CallOutcome): DeliveryStatus {
  if (status >= 200 && status < 300) return 'DELIVERED';
  return status === 410 ? 'GIVEN_UP' : 'PENDING';
}

interface SignedMessage {
  /** The same for every attempt, so that a receiver can deduplicate. */
  readonly id: string;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): id, time and an HMAC-SHA256 of both with the
 * body. With several secrets there are several signatures, so that a secret can be replaced without a gap.
 */
function signed({ id, body }: SignedMessage, secrets: readonly string[], at: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'palinode-order',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

const CAP_MS = 3_600_000;

/**
 * The wait after this many attempts: it doubles up to an hour, with jitter between half and all of it, so that a
 * recovering target does not get all calls at once. `random` is from 0 to 1. A longer wait that the target requests is
 * respected, up to an hour.
 */
export function backoffMs(attempts: number, firstMs: number, random: number, requestedMs = 0): number {
  const whole = Math.min(firstMs * 2 ** Math.min(attempts - 1, 30), CAP_MS);
  return Math.max(Math.round((whole * (1 + random)) / 2), Math.min(requestedMs, CAP_MS));
}
