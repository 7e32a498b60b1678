import { v7 as uuidV7 } from 'uuid';
import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  validOf,
  InvalidDataError,
  isKey,
  schemaUri,
  sourceOf,
  ConfigurationError,
  writeEnvelope,
  type DomainEvent,
  type EventContract,
} from '../contract';
import { eventColumns, INSERT_EVENTS, type EventRelay } from '../messaging';
import { AfterCommit } from './after-commit';
import { contextOf } from './handler-context';
import { prepared } from './prepared';

/** Publishes events from a service's own transactions, including those of its command handlers. */
export class Events {
  private readonly afterCommit: AfterCommit<string> | undefined;

  constructor(
    private readonly service: string,
    private readonly topic: string,
    private readonly declared: readonly EventContract[],
    dataSource: DataSource,
    relay: EventRelay,
  ) {
    for (const event of declared)
      if (event.service !== service) throw new ConfigurationError(undeclared(event, service));
    if (declared.length > 0) this.afterCommit = new AfterCommit(dataSource, () => relay.trigger());
  }

  /**
   * Publishes the event, once for each payload, if and only if the transaction commits. Subscribers get the events of
   * one subject in the order of their commits. Until the transaction ends, other transactions that publish about that
   * subject wait.
   *
   * @throws InvalidDataError when a payload does not match its class
   * @throws MessageTooLargeError when it is too large for a message
   */
  async publish<Payload extends object>(
    tx: EntityManager,
    event: EventContract<Payload>,
    ...payloads: readonly NoInfer<Payload>[]
  ): Promise<void> {
    if (!this.declared.includes(event)) throw new ConfigurationError(undeclared(event, this.service));
    const messages = payloads.map((payload) => this.message(tx, event, payload));
    const { topic } = this;
    const rows = messages.map((each) => ({ id: each.id, topic, key: each.subject, payload: writeEnvelope(each) }));
    await prepared(tx, 'palinode-publish', INSERT_EVENTS, eventColumns(rows));
    this.afterCommit?.add(tx, event.type);
  }

  private message<Payload extends object>(
    tx: EntityManager,
    event: EventContract<Payload>,
    payload: Payload,
  ): DomainEvent {
    const data = validOf(`The payload of ${event.name}`, event.payload, payload);
    const subject = event.subject(data);
    if (!isKey(subject)) {
      const problem = 'must be a string of at most 512 characters without NUL or half a surrogate pair';
      throw new InvalidDataError(`The subject of ${event.name}`, [{ field: 'it', problem }]);
    }
    return {
      specversion: '1.0',
      id: uuidV7(),
      type: event.type,
      source: sourceOf(this.service),
      time: new Date().toISOString(),
      subject: canonicalId(subject),
      datacontenttype: 'application/json',
      dataschema: schemaUri(event.type),
      traceparent: contextOf(tx)?.message.traceparent,
      data,
    };
  }
}

function undeclared({ name, service: owner }: EventContract, service: string): string {
  return owner === service
    ? `${service} does not declare ${name}; add it to the events of ParticipantModule.forRoot.`
    : `${name} belongs to ${owner}; ${service} cannot publish it.`;
}
