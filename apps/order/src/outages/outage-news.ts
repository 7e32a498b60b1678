import { Injectable } from '@nestjs/common';
import { Subscriber } from '@palinode/saga/subscriber';
import type { ReadinessCheck } from '@palinode/service';

/** Whether this service hears of outages. Orders are taken without it, so it is no condition of readiness. */
@Injectable()
export class OutageNews implements ReadinessCheck {
  readonly optional = true;

  constructor(private readonly subscriber: Subscriber) {}

  check(): string | undefined {
    return this.subscriber.check();
  }
}
