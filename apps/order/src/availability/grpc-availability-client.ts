import { Metadata, type CallOptions } from '@grpc/grpc-js';
import { ClientProxyFactory, Transport, type ClientGrpcProxy } from '@nestjs/microservices';
import { availabilityGrpc, type AvailabilityAnswer, type AvailabilityQuery, type OrderLine } from '@palinode/contracts';
import { firstValueFrom, fromEvent, takeUntil, type Observable } from 'rxjs';
import type { AvailabilityClient } from './availability-client';

interface AvailabilityService {
  check(query: AvailabilityQuery, metadata: Metadata, options: CallOptions): Observable<AvailabilityAnswer>;
}

/** The default backoff of a channel grows to two minutes. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 };

export class GrpcAvailabilityClient implements AvailabilityClient {
  private readonly client: ClientGrpcProxy;
  private readonly inventory: AvailabilityService;

  /** `url` is the inventory service's gRPC address as `host:port`. */
  constructor(
    url: string,
    private readonly deadlineMs: number,
  ) {
    this.client = ClientProxyFactory.create({
      transport: Transport.GRPC,
      // A proxy from the environment is for the internet, not for internal services.
      options: { ...availabilityGrpc, url, channelOptions: { ...RECONNECT, 'grpc.enable_http_proxy': 0 } },
    });
    this.inventory = this.client.getService<AvailabilityService>('Availability');
  }

  /** The deadline is sent with the call, so that the inventory service stops working on an abandoned query. */
  ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<AvailabilityAnswer> {
    const deadline = Date.now() + this.deadlineMs;
    const answer = this.inventory.check({ lines: [...lines] }, new Metadata(), { deadline });
    return firstValueFrom(answer.pipe(takeUntil(fromEvent(signal, 'abort'))));
  }

  close(): void {
    this.client.close();
  }
}
