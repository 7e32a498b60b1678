import { cloudEvent } from './cloud-event';
import { asCloudEvent, isKey, isMessageId, parseDocument, type CloudEvent } from './envelope';
import { UnreadableMessageError } from './errors';

export const ACKNOWLEDGEMENT = 'orchestrator.acknowledgement.v1';

/** Lists the messages that the orchestrator has stored or dead-lettered; their sender need not send them again. */
export type Acknowledgement = CloudEvent<{
  /** The `source` of the messages. */
  readonly to: string;
  /** Their ids. */
  readonly ids: readonly string[];
}>;

export function anAcknowledgement(
  id: string,
  at: Date,
  source: string,
  to: string,
  ids: readonly string[],
): Acknowledgement {
  return cloudEvent<Acknowledgement>(at, { id, type: ACKNOWLEDGEMENT, source, data: { to, ids } });
}

/** Parses an acknowledgement. Throws an UnreadableMessageError that says what is wrong with it. */
export function parseAcknowledgement(value: Buffer | null): Acknowledgement {
  const event = asCloudEvent(parseDocument(value)) as Acknowledgement;
  const { to, ids } = (event.data ?? {}) as Partial<Acknowledgement['data']>;
  if (event.type !== ACKNOWLEDGEMENT || !isKey(to) || !Array.isArray(ids) || !ids.every(isMessageId))
    throw new UnreadableMessageError('no-envelope', `The message is not an ${ACKNOWLEDGEMENT}.`);
  return event;
}
