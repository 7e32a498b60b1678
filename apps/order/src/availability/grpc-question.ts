import { Metadata, type CallOptions } from '@grpc/grpc-js';
import { ClientProxyFactory, Transport, type ClientGrpcProxy } from '@nestjs/microservices';
import { availabilityGrpc, type AvailabilityAnswer, type AvailabilityQuery, type OrderLine } from '@palinode/contracts';
import { firstValueFrom, fromEvent, takeUntil, type Observable } from 'rxjs';
import type { AvailabilityQuestion } from './availability-question';

interface AvailabilityService {
  check(query: AvailabilityQuery, metadata: Metadata, options: CallOptions): Observable<AvailabilityAnswer>;
}

/** By default a channel that lost its server looks for it ever more rarely, up to every two minutes. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 };

export class GrpcQuestion implements AvailabilityQuestion {
  private readonly client: ClientGrpcProxy;
  private readonly inventory: AvailabilityService;

  /** Takes where the inventory service answers gRPC, as `host:port`. */
  constructor(
    url: string,
    private readonly deadlineMs: number,
  ) {
    this.client = ClientProxyFactory.create({
      transport: Transport.GRPC,
      // A proxy of the environment is meant for the internet, not for a neighbour.
      options: { ...availabilityGrpc, url, channelOptions: { ...RECONNECT, 'grpc.enable_http_proxy': 0 } },
    });
    this.inventory = this.client.getService<AvailabilityService>('Availability');
  }

  /** The deadline travels with the call, so that the inventory service too lets go of what nobody waits for. */
  ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<AvailabilityAnswer> {
    const deadline = Date.now() + this.deadlineMs;
    const answer = this.inventory.check({ lines: [...lines] }, new Metadata(), { deadline });
    return firstValueFrom(answer.pipe(takeUntil(fromEvent(signal, 'abort'))));
  }

  close(): void {
    this.client.close();
  }
}
