import { Listed, ServiceEnvironment } from '@palinode/service';
import {
  ArrayMinSize,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';

const URL_OF_A_SERVICE = /^https?:\/\/[^\s/]+$/;

/** The order service's settings beyond those of every service. */
export class OrderEnvironment extends ServiceEnvironment {
  /** The orchestrator's public URL. Without it an order has no link to its saga. */
  @IsOptional()
  @Matches(URL_OF_A_SERVICE, { message: 'must be the address of the orchestrator, such as http://127.0.0.1:3000' })
  PUBLIC_URL_ORCHESTRATOR?: string;

  /** How long the orchestrator has to acknowledge the start of a saga before it is sent again. */
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  START_RESEND_MS: number = 30_000;

  /** How the inventory service is asked for availability before an order is accepted. */
  @IsIn(['grpc', 'rest', 'off'])
  AVAILABILITY: 'grpc' | 'rest' | 'off' = 'off';

  @ValidateIf(({ AVAILABILITY }: OrderEnvironment) => AVAILABILITY === 'grpc')
  @Matches(/^[^\s:/]+:\d+$/, {
    message: 'must be where the inventory service answers gRPC, such as 127.0.0.1:3013, when AVAILABILITY is grpc',
  })
  GRPC_URL_INVENTORY?: string;

  @ValidateIf(({ AVAILABILITY }: OrderEnvironment) => AVAILABILITY === 'rest')
  @Matches(URL_OF_A_SERVICE, {
    message: 'must be the address of the inventory service, such as http://127.0.0.1:3003, when AVAILABILITY is rest',
  })
  SERVICE_URL_INVENTORY?: string;

  /** How long to wait for its answer. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  AVAILABILITY_DEADLINE_MS: number = 150;

  /** After this many consecutive failures the circuit breaker opens… */
  @IsInt()
  @Min(1)
  @Max(1_000)
  AVAILABILITY_FAILURES: number = 5;

  /** …for this long. */
  @IsInt()
  @Min(1)
  @Max(600_000)
  AVAILABILITY_PAUSE_MS: number = 5_000;

  /** How many orders one instance may be placing at once, from the request to the commit. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  ORDERS_AT_ONCE: number = 200;

  /** How many orders of the shop may be PENDING; more are turned away until some have ended. */
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  PENDING_ORDERS: number = 10_000;

  /** The same while a service that orders need is away, and until the backlog is below PENDING_ORDERS. */
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  PENDING_ORDERS_IN_OUTAGE: number = 100_000;

  /** How many revisions of one order may be open; more are refused until one is settled. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  OPEN_REVISIONS_PER_ORDER: number = 10;

  /** How many event streams one instance may have open. */
  @IsInt()
  @Min(0)
  @Max(100_000)
  EVENT_STREAMS: number = 1_000;

  /** How many of them may follow one order… */
  @IsInt()
  @Min(1)
  @Max(100_000)
  EVENT_STREAMS_PER_ORDER: number = 20;

  /** …and the orders of one customer. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  EVENT_STREAMS_PER_CUSTOMER: number = 100;

  /** The maximum age of a stream. It ends at its next heartbeat; its client resumes. */
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  EVENT_STREAM_MAX_MS: number = 900_000;

  @IsInt()
  @Min(10)
  @Max(600_000)
  EVENT_HEARTBEAT_MS: number = 15_000;

  /** Hosts that webhooks may be sent to: names, `*.example.com`, or `*`. Without hosts, webhooks are off. */
  @Listed()
  @Matches(/^(?:\*|(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/, {
    each: true,
    message: 'must name hosts, separated by commas, such as hooks.example.com,*.shop.example',
  })
  WEBHOOK_HOSTS: string[] = [];

  /** The secrets that sign webhooks, separated by commas. Each adds a signature. */
  @ValidateIf(({ WEBHOOK_HOSTS }: OrderEnvironment) => WEBHOOK_HOSTS.length > 0)
  @Listed()
  @ArrayMinSize(1)
  @Matches(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, {
    each: true,
    message: 'must be whsec_ and 24 to 64 random bytes in base64 when WEBHOOK_HOSTS names hosts',
  })
  WEBHOOK_SECRET: string[] = [];

  /** For development: allows webhooks over plain HTTP and to private addresses. */
  @ValidateBy({
    name: 'onlyInDevelopment',
    validator: {
      validate: (value, context) => value === 'no' || (value === 'yes' && !isProduction(context?.object)),
      defaultMessage: () => 'must be yes or no, and no in production',
    },
  })
  WEBHOOK_PRIVATE_TARGETS: 'yes' | 'no' = 'no';

  /** A webhook without a successful answer is given up after this time. */
  @IsInt()
  @Min(1)
  @Max(720)
  WEBHOOK_HOURS: number = 24;

  @IsInt()
  @Min(10)
  @Max(60_000)
  WEBHOOK_TIMEOUT_MS: number = 10_000;

  /** The wait after the first failed attempt; it doubles with each one. */
  @IsInt()
  @Min(1)
  @Max(3_600_000)
  WEBHOOK_FIRST_RETRY_MS: number = 5_000;

  /** How many webhook calls one instance may have in progress. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  WEBHOOK_CALLS: number = 32;

  /** How long webhook deliveries are kept after their end… */
  @IsInt()
  @Min(1)
  @Max(36_500)
  WEBHOOK_DAYS: number = 30;

  /** …and an order's events, except its last one. */
  @IsInt()
  @Min(1)
  @Max(36_500)
  ORDER_EVENT_DAYS: number = 90;

  @IsOptional()
  @IsString()
  NODE_ENV?: string;
}

function isProduction(environment: object | undefined): boolean {
  return (environment as OrderEnvironment | undefined)?.NODE_ENV === 'production';
}
