import { type CallOptions, Metadata } from '@grpc/grpc-js';
import { type ClientGrpcProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { type AvailabilityAnswer, availabilityGrpc, type AvailabilityQuery, type OrderLine } from '@palinode/contracts';
import { firstValueFrom, fromEvent, type Observable, takeUntil } from 'rxjs';
import type { OrderEnvironment } from '../order-environment';

/** A transport for availability queries to the inventory service. */
export interface AvailabilityClient {
  /** Rejects without an answer, and when the signal aborts. The caller must validate the answer. */
  ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<unknown>;
  close(): void;
}

class RestAvailabilityClient implements AvailabilityClient {
  /** `inventory` is the base URL of the inventory service, such as `http://127.0.0.1:3003`. */
  constructor(private readonly inventory: string) {}

  async ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${this.inventory}/stock/availability`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) }),
      redirect: 'error',
      signal,
    });
    if (response.status === 200) return response.json();
    await response.body?.cancel();
    throw new Error(`it answered with ${response.status}`);
  }

  close(): void {
    // The connections are those of the process, and end with it.
  }
}

interface AvailabilityService {
  check(query: AvailabilityQuery, metadata: Metadata, options: CallOptions): Observable<AvailabilityAnswer>;
}

/** The default backoff of a channel grows to two minutes. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 };

class GrpcAvailabilityClient implements AvailabilityClient {
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

/** Creates the client that the environment selects; undefined when it selects none. */
export function createAvailabilityClient(environment: OrderEnvironment): AvailabilityClient | undefined {
  const { AVAILABILITY, AVAILABILITY_DEADLINE_MS, GRPC_URL_INVENTORY = '', SERVICE_URL_INVENTORY = '' } = environment;
  if (AVAILABILITY === 'grpc') return new GrpcAvailabilityClient(GRPC_URL_INVENTORY, AVAILABILITY_DEADLINE_MS);
  if (AVAILABILITY === 'rest') return new RestAvailabilityClient(SERVICE_URL_INVENTORY);
  return undefined;
}
