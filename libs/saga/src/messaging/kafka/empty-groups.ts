import type { Kafka } from 'kafkajs';
import { isOfType } from './error-type';

/** Nobody waits for it; what remains is removed by a later call. */
const RETRY = { retries: 0 };

/**
 * Why the broker keeps a group: a member has joined, another process was quicker, or this one may not delete it. Kafka
 * removes an empty group by itself after some days.
 */
const LEFT_ALONE = ['NON_EMPTY_GROUP', 'GROUP_ID_NOT_FOUND', 'GROUP_AUTHORIZATION_FAILED'];

/** Deletes the consumer groups whose names begin with a prefix and that have no members. */
export async function deleteEmptyGroups(kafka: Kafka, prefix: string): Promise<void> {
  const admin = kafka.admin({ retry: RETRY });
  try {
    await admin.connect();
    const { groups } = await admin.listGroups();
    const named = groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(prefix));
    await admin.deleteGroups(named).catch(unlessLeftAlone);
  } finally {
    await admin.disconnect();
  }
}

function unlessLeftAlone(error: unknown): void {
  const { groups = [] } = error as { groups?: readonly { readonly error?: unknown }[] };
  if (groups.length === 0 || !groups.every((group) => isOfType(group.error, ...LEFT_ALONE))) throw error;
}
