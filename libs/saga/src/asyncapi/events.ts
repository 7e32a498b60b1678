import { holdEvents, lifecycleEvents, schemaUri, type EventContract, type Topics } from '../contract';
import { channel, refsTo, refTo, type Entries } from './channels';
import { dataSchemas, schemaRef } from './data-schemas';
import type { DocumentedMessage } from './messages';

/** Describes an event. */
export interface DocumentedEvent extends DocumentedMessage {
  readonly event: EventContract;
}

export function eventMessage(event: EventContract): DocumentedEvent {
  const { type, name, payload } = event;
  const attributes = { type: { const: type }, dataschema: { const: schemaUri(type) }, data: schemaRef(type) };
  return {
    event,
    key: type,
    schemas: dataSchemas(type, payload),
    message: {
      name: type,
      title: name,
      traits: [{ $ref: '#/components/messageTraits/event' }],
      payload: { allOf: [schemaRef('event')], type: 'object', properties: attributes },
    },
  };
}

/** Returns a channel for each service that publishes events. */
export function eventChannels(messages: readonly DocumentedEvent[], topics: Topics): Entries {
  const services = [...new Set(messages.map(({ event }) => event.service))];
  return Object.assign(
    {},
    ...services.map((service) => {
      const own = messages.filter(({ event }) => event.service === service);
      return channel(topics.eventsOf(service), `Events of ${service}, for any number of subscribers.`, own);
    }),
  ) as Entries;
}

export function eventOperations(messages: readonly DocumentedEvent[], topics: Topics): Entries {
  return Object.assign(
    {},
    ...messages.map((message) => {
      const { type, service } = message.event;
      const topic = topics.eventsOf(service);
      const where = { channel: refTo(topic), messages: refsTo(topic, [message]) };
      // Lifecycle and hold events are published by the orchestrator.
      const sender = [...lifecycleEvents, ...holdEvents].some((event) => event.type === type)
        ? 'orchestrator'
        : service;
      return {
        [`${sender}.send.${type}`]: { action: 'send', tags: [{ name: sender }], ...where },
        [`subscriber.receive.${type}`]: { action: 'receive', tags: [{ name: 'subscriber' }], ...where },
      };
    }),
  ) as Entries;
}
