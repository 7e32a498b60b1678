import { EventStreamClient, type FollowOptions } from '@palinode/test-support/network/event-stream-client';
import { waitUntil } from '@palinode/testing-support/wait-until';

interface OrderEventData {
  readonly orderId: string;
  readonly seq: number;
  readonly status: string;
}

/** A client that follows an order, and keeps the events it receives. */
export class Follower {
  private constructor(private readonly client: EventStreamClient<OrderEventData>) {}

  /** Resolves when the server answers, with any status. With `reads: false` it reads nothing of the stream. */
  static async follow(service: string, orderId: string, options?: FollowOptions): Promise<Follower> {
    return new Follower(await EventStreamClient.follow(`${service}/orders/${orderId}/events`, options));
  }

  get events(): EventStreamClient<OrderEventData>['events'] {
    return this.client.events;
  }

  get heartbeats(): number {
    return this.client.comments;
  }

  get ended(): boolean {
    return this.client.ended;
  }

  get status(): EventStreamClient['status'] {
    return this.client.status;
  }

  get headers(): EventStreamClient['headers'] {
    return this.client.headers;
  }

  get names(): string[] {
    return this.events.map(({ id, event }) => `${id} ${event}`);
  }

  async hasReceived(...names: string[]): Promise<void> {
    await waitUntil(names.join(', '), () => String(this.names) === String(names));
  }

  hasEnded(): Promise<void> {
    return this.client.hasEnded();
  }

  leave(): void {
    this.client.leave();
  }
}
