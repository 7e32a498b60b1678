import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AvailabilityAnswer, type LineAvailability, type OrderLine } from '@palinode/contracts';
import { assertValid } from '@palinode/saga/contract';
import type { ReadinessCheck } from '@palinode/service';
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  timeout,
  TimeoutStrategy,
  wrap,
  type CircuitBreakerPolicy,
  type IPolicy,
} from 'cockatiel';
import type { OrderEnvironment } from '../order-environment';
import { createAvailabilityClient, type AvailabilityClient } from './availability-client';

export interface CircuitBreakerOptions {
  /** How long to wait for an answer. */
  readonly deadlineMs: number;
  /** Consecutive failures after which the circuit breaker opens. */
  readonly failures: number;
  /** How long it stays open. Then one query is sent as a probe. */
  readonly openMs: number;
}

/**
 * Asks the inventory service before an order is accepted. The check never prevents an order by being unavailable: without a
 * valid answer in time the order is accepted, and its saga decides.
 */
export class Availability implements ReadinessCheck, OnApplicationShutdown {
  readonly optional = true;
  private readonly log = new Logger(Availability.name);
  private readonly breaker: CircuitBreakerPolicy;
  private readonly policy: IPolicy;
  private openSince: Date | undefined;

  /** Without a client the check is off. */
  constructor(
    private readonly client: AvailabilityClient | undefined,
    { deadlineMs, failures, openMs }: CircuitBreakerOptions,
  ) {
    this.breaker = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
    this.policy = wrap(this.breaker, timeout(deadlineMs, TimeoutStrategy.Aggressive));
    this.breaker.onBreak((reason) => this.onOpened(reason));
    this.breaker.onReset(() => this.onClosed());
  }

  get isEnabled(): boolean {
    return this.client !== undefined;
  }

  /** The lines that are short in stock; empty when there is no valid answer. */
  async shortages(lines: readonly OrderLine[]): Promise<readonly LineAvailability[]> {
    const { client } = this;
    if (client === undefined) return [];
    try {
      const { lines: found } = await this.policy.execute(async ({ signal }) => {
        const answer = await client.ask(lines, signal);
        assertAnswers(answer, lines);
        return answer;
      });
      return found.filter(({ enough }) => !enough);
    } catch (error) {
      this.log.debug(`Accepted an order without an availability check: ${String(error)}`);
      return [];
    }
  }

  check(): string | undefined {
    if (this.breaker.state === CircuitState.Closed) return undefined;
    return `orders have been accepted without an availability check since ${this.openSince?.toISOString()}: the inventory service does not answer`;
  }

  onApplicationShutdown(): void {
    this.client?.close();
  }

  private onOpened(reason: object): void {
    // A failed probe opens the breaker again; the outage goes on.
    if (this.openSince !== undefined) return;
    this.openSince = new Date();
    const why = 'error' in reason ? String(reason.error) : 'opened by hand';
    this.log.warn(
      `Orders are accepted without an availability check, because the inventory service does not answer: ${why}`,
    );
  }

  private onClosed(): void {
    this.openSince = undefined;
    this.log.log('Availability is checked again before an order is accepted.');
  }
}

/** An answer is only valid for the SKUs that were asked for. */
function assertAnswers(answer: unknown, lines: readonly OrderLine[]): asserts answer is AvailabilityAnswer {
  assertValid('The answer of the inventory service', AvailabilityAnswer, answer);
  const skus = (answer as AvailabilityAnswer).lines.map(({ sku }) => sku);
  if (skus.length !== lines.length || lines.some(({ sku }, index) => sku !== skus[index])) {
    throw new Error(`the inventory service answered for other SKUs than the ${lines.length} that were asked for`);
  }
}

/** Creates the availability check that the environment selects. */
export function createAvailability(environment: OrderEnvironment): Availability {
  return new Availability(createAvailabilityClient(environment), {
    deadlineMs: environment.AVAILABILITY_DEADLINE_MS,
    failures: environment.AVAILABILITY_FAILURES,
    openMs: environment.AVAILABILITY_PAUSE_MS,
  });
}
