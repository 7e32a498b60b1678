import type { JsonSchema } from '../contract';
import { schemaChanges } from './schema-changes';

/** A change that would break services which run with the shipped contracts. */
export interface Break {
  /** Its key in the document. */
  readonly message: string;
  readonly field: string;
  /** One text for people: what changed, which service would reject what, and what to do. */
  readonly problem: string;
}

/** An AsyncAPI document as plain data. */
export type Document = Readonly<Record<string, unknown>>;

/**
 * Returns the incompatibilities between services of the shipped AsyncAPI document and of the current one, in both
 * directions.
 */
export function breaksBetween(shipped: Document, current: Document): readonly Break[] {
  const [before, now] = [messagesOf(shipped), messagesOf(current)];
  const removed = [...before.keys()].filter((key) => !now.has(key));
  const common = [...before.keys()].filter((key) => now.has(key));
  const answers = [...now.values()].filter(
    ({ key, answers: answered }) =>
      answered && before.has(answered) && !before.has(key) && !key.endsWith(UNKNOWN_OUTCOME),
  );
  return [
    ...removed.map((key) => gone(before.get(key)!)),
    ...answers.map(newReply),
    ...common.flatMap((key) => changed(before.get(key)!, now.get(key)!)),
  ];
}

interface Message {
  readonly key: string;
  readonly payload: JsonSchema;
  readonly document: Document;
  readonly sender: string;
  readonly reader: string;
  /** For a reply: the command that it answers. */
  readonly answers?: string;
}

function changed(shipped: Message, current: Message): Break[] {
  const { key, sender, reader } = current;
  const schema = ({ payload, document }: Message): { schema: JsonSchema; document: Document } => ({
    schema: payload,
    document,
  });
  return schemaChanges(schema(shipped), schema(current)).map(({ field, change, narrows, widens }) => {
    const harm = [
      ...(narrows ? [`a new ${reader} would reject what a running ${sender} sends`] : []),
      ...(widens ? [`a running ${reader} would reject what a new ${sender} may send`] : []),
    ].join(', and ');
    const wayOut = change === 'became required' ? 'Leave it optional, or ' : 'Revert it, or ';
    return { message: key, field, problem: `${key}: ${field} ${change}: ${harm}. ${wayOut}${NEW_VERSION}` };
  });
}

const NEW_VERSION = 'define a new version of the message (version: 2) beside this one.';

function gone({ key, sender }: Message): Break {
  const problem = `${key} is gone, and a running ${sender} may still send it. Keep it until no service sends it.`;
  return { message: key, field: 'the message', problem };
}

/** A new outcome: an orchestrator that does not know it dead-letters the reply, so the command is never answered. */
const UNKNOWN_OUTCOME = '.unknown';

function newReply({ key, reader, answers }: Message): Break {
  const problem = `${key} is a new reply to ${answers}, which a running ${reader} does not expect. To send it, ${NEW_VERSION}`;
  return { message: key, field: 'the message', problem };
}

interface Operation {
  readonly action: 'send' | 'receive';
  readonly tags: readonly { readonly name: string }[];
  readonly messages: readonly Reference[];
  readonly reply?: { readonly messages: readonly Reference[] };
}

interface Reference {
  readonly $ref: string;
}

/** Returns the messages that the operations send and receive, with sender and receiver. */
function messagesOf(document: Document): ReadonlyMap<string, Message> {
  const { operations, components } = document as {
    operations: Readonly<Record<string, Operation>>;
    components: { messages: Readonly<Record<string, { payload: JsonSchema }>> };
  };
  const parties = new Map<string, { sender?: string; reader?: string; answers?: string }>();
  const note = (references: readonly Reference[], party: object): void => {
    for (const { $ref } of references) parties.set(keyOf($ref), { ...parties.get(keyOf($ref)), ...party });
  };
  for (const { action, tags, messages, reply } of Object.values(operations)) {
    const [here, there] = action === 'send' ? ['sender', 'reader'] : ['reader', 'sender'];
    const name = tags[0]?.name;
    note(messages, { [here]: name });
    note(reply?.messages ?? [], { [there]: name, answers: messages.map(({ $ref }) => keyOf($ref)).join(', ') });
  }
  return new Map(
    [...parties].map(([key, { sender = 'sender', reader = 'subscriber', answers }]) => {
      const message = { key, payload: components.messages[key]!.payload, document, sender, reader };
      return [key, answers === undefined ? message : { ...message, answers }];
    }),
  );
}

function keyOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
