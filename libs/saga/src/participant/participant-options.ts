import { ConfigurableModuleBuilder, type InjectionToken } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ConfigurationError, type CommandContract, type EventContract } from '../contract';
import { assertSchema, requireAtLeast, RESEND_AFTER_MS, type KafkaOptions } from '../messaging';
import { HANDLER_TIMEOUT, type HandlerTimeout, timeoutMsOf } from './handler-watch';
import type { RetentionOptions } from './retention';
import { Served } from './served';

const SERVICE_NAME = /^[a-z][a-z0-9-]*$/;
/** With fewer days no message would be young enough to be handled. */
const LEAST_INBOX_DAYS = 2;

/** The options of `ParticipantModule.forRoot`. */
export interface ParticipantOptions extends RetentionOptions {
  /** The service's name: its commands arrive on `<service>.commands`. */
  readonly service: string;
  /**
   * Every command this service handles; the start fails when one has no handler, or a handler is for another command.
   */
  readonly commands: readonly CommandContract[];
  /** Every event that this service publishes. @default none */
  readonly events?: readonly EventContract[];
  /**
   * The names of the orchestrators whose commands it takes and answers, and whose sagas it starts. A message that
   * belongs to no known one is dead-lettered with the first. @default ['orchestrator']
   */
  readonly orchestrators?: readonly string[];
  /**
   * The schema of its tables, which `migrationsIn('palinode', participantMigrations)` creates. The sessions of the
   * DataSource must find them by their search path, such as `extra: connectionConfig(url, {}, { search_path:
   * 'public,palinode' })`; otherwise the start fails.
   * @default the first in the search path that has them
   */
  readonly schema?: string | undefined;
  readonly kafka: KafkaOptions;
  /**
   * How long a handler may take, as `10s`, or `off`, unless its `@HandleCommand` says otherwise. It should be shorter
   * than the timeout of the steps that send its command, which is 5 s unless their definition says otherwise. @default
   * '4s'
   */
  readonly handlerTimeout?: HandlerTimeout;
  /**
   * How long the orchestrator has to acknowledge a start or a signal before it is sent again; each time it has twice as long,
   * up to an hour. @default 30000
   */
  readonly resendAfterMs?: number;
}

/** What Nest needs to know before the options are there, also with `forRootAsync`. */
export interface ParticipantModuleExtras {
  /** Whether all modules of the application may inject what the module exports without importing it. @default false */
  readonly isGlobal?: boolean;
  /**
   * The injection token of the TypeORM DataSource in whose transactions handlers run: `getDataSourceToken('shop')` of
   * `@nestjs/typeorm` for a named one. @default DataSource, the one without a name
   */
  readonly dataSource?: InjectionToken | undefined;
}

/** Under this token the module provides the DataSource that it was given. */
export const PARTICIPANT_DATA_SOURCE = Symbol('participant data source');

export const { ConfigurableModuleClass: ConfigurableParticipantModule, MODULE_OPTIONS_TOKEN: PARTICIPANT_OPTIONS } =
  new ConfigurableModuleBuilder<ParticipantOptions>({ moduleName: 'Participant' })
    .setClassMethodName('forRoot')
    .setExtras<ParticipantModuleExtras>(
      { isGlobal: false, dataSource: undefined },
      (module, { isGlobal, dataSource }) => ({
        ...module,
        global: isGlobal ?? false,
        providers: [
          ...(module.providers ?? []),
          { provide: PARTICIPANT_DATA_SOURCE, useExisting: dataSource ?? getDataSourceToken() },
        ],
      }),
    )
    .build();

/**
 * The options with their defaults.
 *
 * @throws ConfigurationError that names the option that is wrong.
 */
export class ParticipantSettings {
  readonly service: string;
  readonly commands: readonly CommandContract[];
  readonly events: readonly EventContract[];
  readonly served: Served;
  /** The topic on which it publishes its events. */
  readonly ownEventTopic: string;
  readonly schema: string | undefined;
  readonly kafka: KafkaOptions;
  readonly handlerTimeoutMs: number;
  readonly resendAfterMs: number;
  readonly retention: RetentionOptions;

  static of(options: ParticipantOptions): ParticipantSettings {
    return new ParticipantSettings(options);
  }

  private constructor({
    service,
    commands,
    events = [],
    orchestrators,
    schema,
    kafka,
    handlerTimeout = HANDLER_TIMEOUT,
    resendAfterMs = RESEND_AFTER_MS,
    ...retention
  }: ParticipantOptions) {
    if (!SERVICE_NAME.test(service))
      throw new ConfigurationError(`"${service}" is no name of a service; use lower-case letters, digits and dashes.`);
    assertSchema(schema);
    requireAtLeast(1, { resendAfterMs });
    requireAtLeast(LEAST_INBOX_DAYS, { inboxDays: retention.inboxDays ?? LEAST_INBOX_DAYS });
    requireAtLeast(LEAST_INBOX_DAYS, { thirdPartyCallDays: retention.thirdPartyCallDays ?? LEAST_INBOX_DAYS });
    this.service = service;
    this.commands = commands;
    this.events = events;
    this.served = Served.of(service, orchestrators, kafka.topicPrefix);
    this.ownEventTopic = this.served.first.eventsOf(service);
    this.schema = schema;
    this.kafka = kafka;
    this.handlerTimeoutMs = timeoutMsOf(handlerTimeout);
    this.resendAfterMs = resendAfterMs;
    this.retention = retention;
  }
}
