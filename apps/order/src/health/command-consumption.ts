import { Injectable } from '@nestjs/common';
import { ParticipantHealth } from '@palinode/saga/participant';
import type { ReadinessCheck } from '@palinode/service';
import { OrderEnvironment } from '../order-environment';

/** A start that takes longer waits for a broker that is away. */
const STARTS_WITHIN_MS = 10_000;

/**
 * Whether commands are handled. Orders are taken without it, and wait in the outbox, so it is a condition of readiness only
 * for the first seconds: a start counts as done when the service does all of its work.
 */
@Injectable()
export class CommandConsumption implements ReadinessCheck {
  private readonly startedAt = performance.now();
  private began = false;

  constructor(
    private readonly participant: ParticipantHealth,
    private readonly environment: OrderEnvironment,
  ) {}

  get optional(): boolean {
    return this.began || performance.now() - this.startedAt > STARTS_WITHIN_MS;
  }

  check(): string | undefined {
    const problem = this.participant.check();
    this.began ||= problem === undefined;
    return problem && `${problem}; its broker is ${this.environment.KAFKA_BROKERS.join(', ')}`;
  }
}
