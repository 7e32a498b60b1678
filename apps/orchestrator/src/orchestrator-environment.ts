import { applyDecorators } from '@nestjs/common';
import { accessKeys, type Access, type OpenAccess } from '@palinode/saga/admin';
import { IsReadableFile, ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsNumber, IsOptional, IsUrl, IsUUID, Max, Min } from 'class-validator';

function IsServiceUrl(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsUrl(
      { require_tld: false, protocols: ['http', 'https'], require_protocol: true },
      { message: 'must be the HTTP URL of the service, such as http://127.0.0.1:3001' },
    ),
  );
}

/** The orchestrator's settings beyond those of every service. */
export class OrchestratorEnvironment extends ServiceEnvironment {
  /** How many days a dead letter is kept after its decision. */
  @IsInt({ message: 'must be a number of days' })
  @Min(1)
  @Max(3_650)
  DEAD_LETTER_DAYS: number = 30;

  /** How many days a saga is kept after its end; unset to keep all. */
  @IsOptional()
  @IsInt({ message: 'must be a number of days' })
  @Min(2)
  @Max(3_650)
  ENDED_SAGA_DAYS?: number;

  /** The identity of the previous orchestrator database, which is permanently gone; see docs/shared-clusters.md. */
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the identity of a database, as the error names it' })
  TAKE_OVER_FROM?: string;

  /** Whether saga lifecycle events are published on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';

  /** Whether the orchestrator places holds on an unavailable participant by itself; operators can always place holds. */
  @IsIn(['on', 'off'])
  AUTOMATIC_HOLDS: string = 'on';

  /** A participant that answers no command for this time, although one waits, counts as unavailable. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_SILENCE_MS: number = 10_000;

  /** The share of failures among the replies at which a command counts as broken. */
  @IsNumber()
  @Min(0.01)
  @Max(1)
  HOLD_AFTER_FAILURES_SHARE: number = 0.5;

  /** The time window in which replies count. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_FAILURES_WITHIN_MS: number = 10_000;

  /** The least number of failures in that window. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  HOLD_AFTER_FAILURES: number = 20;

  /** A file with the keys of the admin API and the console; see docs/operations/access.md. */
  @IsOptional()
  @IsReadableFile()
  ADMIN_KEYS_FILE?: string;

  /** `open` lets everybody who reaches the admin API use it, also in production. */
  @IsIn(['keys', 'open'])
  ADMIN_ACCESS: string = 'keys';

  /** Whether the console has the pages of the shop, and passes their requests on to the shop's services. */
  @IsIn(['on', 'off'])
  CONSOLE_SHOP: string = 'off';

  @IsServiceUrl()
  SERVICE_URL_ORDER?: string;

  @IsServiceUrl()
  SERVICE_URL_PAYMENT?: string;

  @IsServiceUrl()
  SERVICE_URL_INVENTORY?: string;
}

/** Who may use the admin API; undefined without a decision, which production refuses. */
export function adminAccessOf(environment: OrchestratorEnvironment): Access | OpenAccess | undefined {
  if (environment.ADMIN_ACCESS === 'open') return 'open';
  return environment.ADMIN_KEYS_FILE === undefined ? undefined : accessKeys({ file: environment.ADMIN_KEYS_FILE });
}

/** The APIs of other services that the console's pages call. */
export function consoleServicesOf(environment: OrchestratorEnvironment): Record<string, string> {
  if (environment.CONSOLE_SHOP === 'off') return {};
  const { SERVICE_URL_ORDER: order, SERVICE_URL_PAYMENT: payment, SERVICE_URL_INVENTORY: inventory } = environment;
  const urls = Object.entries({ order, payment, inventory });
  return Object.fromEntries(urls.flatMap(([name, url]) => (url === undefined ? [] : [[name, url]])));
}
