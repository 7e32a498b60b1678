import { ConfigurationError, type CommandContract, type EventContract } from '../contract';
import { dataSourceModule, type DataSourceModuleExtras } from '../handlers';
import {
  requireAtLeast,
  RESEND_AFTER_MS,
  tablesIn,
  type KafkaOptions,
  type TableLocation,
  type Tables,
} from '../messaging';
import { HANDLER_TIMEOUT, type HandlerTimeout, timeoutMsOf } from './handler-watch';
import type { RetentionOptions, RetentionSettings } from './retention';
import { Served } from './served';

const SERVICE_NAME = /^[a-z][a-z0-9-]*$/;
/** With fewer days no message would be young enough to be handled. */
const LEAST_INBOX_DAYS = 2;

/** The options of `ParticipantModule.forRoot`. The `schema` and `tablePrefix` are those that `migrationsIn` had. */
export interface ParticipantOptions extends RetentionOptions, TableLocation {
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

/** What Nest must know before the options are available, also with `forRootAsync`. */
export type ParticipantModuleExtras = DataSourceModuleExtras;

/** Under this token the module provides the DataSource that it was given. */
export const PARTICIPANT_DATA_SOURCE = Symbol('participant data source');

export const { ConfigurableModuleClass: ConfigurableParticipantModule, MODULE_OPTIONS_TOKEN: PARTICIPANT_OPTIONS } =
  dataSourceModule<ParticipantOptions>('Participant', PARTICIPANT_DATA_SOURCE);

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
  readonly tables: Tables;
  readonly kafka: KafkaOptions;
  readonly handlerTimeoutMs: number;
  readonly resendAfterMs: number;
  readonly retention: RetentionSettings;

  static of(options: ParticipantOptions): ParticipantSettings {
    return new ParticipantSettings(options);
  }

  private constructor({
    service,
    commands,
    events = [],
    orchestrators,
    schema,
    tablePrefix,
    kafka,
    handlerTimeout = HANDLER_TIMEOUT,
    resendAfterMs = RESEND_AFTER_MS,
    ...retention
  }: ParticipantOptions) {
    if (!SERVICE_NAME.test(service))
      throw new ConfigurationError(`"${service}" is no name of a service; use lower-case letters, digits and dashes.`);
    requireAtLeast(1, { resendAfterMs });
    requireAtLeast(LEAST_INBOX_DAYS, { inboxDays: retention.inboxDays ?? LEAST_INBOX_DAYS });
    requireAtLeast(LEAST_INBOX_DAYS, { thirdPartyCallDays: retention.thirdPartyCallDays ?? LEAST_INBOX_DAYS });
    this.service = service;
    this.commands = commands;
    this.events = events;
    this.served = Served.of(service, orchestrators, kafka.topicPrefix);
    this.ownEventTopic = this.served.first.eventsOf(service);
    this.tables = tablesIn({ schema, tablePrefix });
    this.kafka = kafka;
    this.handlerTimeoutMs = timeoutMsOf(handlerTimeout);
    this.resendAfterMs = resendAfterMs;
    this.retention = { ...retention, tables: this.tables };
  }
}
