import { Injectable } from '@nestjs/common';
import { Subscriber } from '@palinode/saga/subscriber';
import type { ReadinessCheck } from '@palinode/service';

/** Whether this service receives outage events. Orders are accepted without them, so it does not affect readiness. */
@Injectable()
export class OutageSubscription implements ReadinessCheck {
  readonly optional = true;

  constructor(private readonly subscriber: Subscriber) {}

  check(): string | undefined {
    return this.subscriber.check();
  }
}
