import { Injectable } from '@nestjs/common';
import { ParticipantHealth } from '@palinode/saga/participant';
import type { ReadinessCheck } from '@palinode/service';
import { OrderEnvironment } from '../order-environment';

/** A start that takes longer waits for an unreachable broker. */
const STARTS_WITHIN_MS = 10_000;

/**
 * Whether the service consumes commands. Without it orders are still accepted and wait in the outbox, so it affects
 * readiness only during the first seconds of a start.
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
