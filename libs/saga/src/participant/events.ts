import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  cloudEvent,
  validOf,
  InvalidDataError,
  isKey,
  sourceOf,
  ConfigurationError,
  writeEnvelope,
  type DomainEvent,
  type EventContract,
} from '../contract';
import { eventColumns, newId, type EventRelay } from '../messaging';
import { AfterCommit } from './after-commit';
import { contextOf } from '../handlers';
import { prepared } from './prepared';

interface PublishedEvents {
  readonly service: string;
  readonly topic: string;
  /** All that the service may publish. */
  readonly declared: readonly EventContract[];
}

/** Publishes events from a service's own transactions, including those of its command handlers. */
export class Events {
  private readonly afterCommit: AfterCommit<string> | undefined;

  /** @internal */
  constructor(
    private readonly published: PublishedEvents,
    dataSource: DataSource,
    private readonly relay: EventRelay,
  ) {
    const { service, declared } = published;
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
    const { service, topic, declared } = this.published;
    if (!declared.includes(event)) throw new ConfigurationError(undeclared(event, service));
    this.afterCommit?.assertOwn(tx);
    const messages = payloads.map((payload) => this.message(tx, event, payload));
    const rows = messages.map((each) => ({ id: each.id, topic, key: each.subject, payload: writeEnvelope(each) }));
    await prepared(tx, 'palinode-publish', this.relay.outbox.insertion, eventColumns(rows));
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
    return cloudEvent<DomainEvent>(new Date(), {
      id: newId(),
      type: event.type,
      source: sourceOf(this.published.service),
      subject: canonicalId(subject),
      traceparent: contextOf(tx)?.message.traceparent,
      data,
    });
  }
}

function undeclared({ name, service: owner }: EventContract, service: string): string {
  return owner === service
    ? `${service} does not declare ${name}; add it to the events of ParticipantModule.forRoot.`
    : `${name} belongs to ${owner}; ${service} cannot publish it.`;
}
