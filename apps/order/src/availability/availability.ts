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
import type { AvailabilityQuestion } from './availability-question';

export interface Patience {
  /** How long an answer is worth waiting for. */
  readonly deadlineMs: number;
  /** So many questions in a row without an answer, and nobody is asked any more… */
  readonly failures: number;
  /** …for so long. Then one question finds out. */
  readonly openMs: number;
}

/**
 * What the inventory service says of an order before it is taken. It is a courtesy to the customer, never a condition: when
 * there is no good answer in time, the order is taken all the same, and its saga decides.
 */
export class Availability implements ReadinessCheck, OnApplicationShutdown {
  readonly optional = true;
  private readonly log = new Logger(Availability.name);
  private readonly breaker: CircuitBreakerPolicy;
  private readonly policy: IPolicy;
  private openSince: Date | undefined;

  /** Without a question nobody is ever asked. */
  constructor(
    private readonly question: AvailabilityQuestion | undefined,
    { deadlineMs, failures, openMs }: Patience,
  ) {
    this.breaker = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
    this.policy = wrap(this.breaker, timeout(deadlineMs, TimeoutStrategy.Aggressive));
    this.breaker.onBreak((reason) => this.opened(reason));
    this.breaker.onReset(() => this.closed());
  }

  get isAsked(): boolean {
    return this.question !== undefined;
  }

  /** The lines of which there is certainly not enough; none when nobody can tell. */
  async shortages(lines: readonly OrderLine[]): Promise<readonly LineAvailability[]> {
    const { question } = this;
    if (question === undefined) return [];
    try {
      const { lines: found } = await this.policy.execute(async ({ signal }) => {
        const answer = await question.ask(lines, signal);
        assertAnswers(answer, lines);
        return answer;
      });
      return found.filter(({ enough }) => !enough);
    } catch (error) {
      this.log.debug(`Took an order unasked: ${String(error)}`);
      return [];
    }
  }

  check(): string | undefined {
    if (this.breaker.state === CircuitState.Closed) return undefined;
    return `orders are taken unasked since ${this.openSince?.toISOString()}: the inventory service gave no good answer`;
  }

  onApplicationShutdown(): void {
    this.question?.close();
  }

  private opened(reason: object): void {
    // A question that finds out, and finds nothing, opens it anew.
    if (this.openSince !== undefined) return;
    this.openSince = new Date();
    const why = 'error' in reason ? String(reason.error) : 'it was told to';
    this.log.warn(`Orders are taken without asking the inventory service, which gave no good answer: ${why}`);
  }

  private closed(): void {
    this.openSince = undefined;
    this.log.log('The inventory service is asked again before an order is taken.');
  }
}

/** An answer to another question than ours tells nothing, however well it is formed. */
function assertAnswers(answer: unknown, lines: readonly OrderLine[]): asserts answer is AvailabilityAnswer {
  assertValid('The answer of the inventory service', AvailabilityAnswer, answer);
  const skus = (answer as AvailabilityAnswer).lines.map(({ sku }) => sku);
  if (skus.length !== lines.length || lines.some(({ sku }, index) => sku !== skus[index])) {
    throw new Error(`the inventory service was asked about ${lines.length} lines and answered about others`);
  }
}
