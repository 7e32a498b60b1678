import type { DocumentedMessage } from './messages';

/** Parts of the document by name. */
export type Entries = Readonly<Record<string, unknown>>;

export interface Reference {
  readonly $ref: string;
}

/** A topic with its messages; in the document it has the topic's name. */
export function channel(topic: string, description: string, messages: readonly DocumentedMessage[]): Entries {
  return {
    [topic]: {
      address: topic,
      description,
      messages: Object.fromEntries(messages.map(({ key }) => [key, { $ref: `#/components/messages/${key}` }])),
      bindings: { kafka: { topic, bindingVersion: '0.5.0' } },
    },
  };
}

export function refTo(topic: string): Reference {
  return { $ref: `#/channels/${topic}` };
}

export function refsTo(topic: string, messages: readonly DocumentedMessage[]): readonly Reference[] {
  return messages.map(({ key }) => ({ $ref: `#/channels/${topic}/messages/${key}` }));
}
