import { waitUntil } from '@palinode/testing-support/wait-until';
import { Kafka, logLevel, type AclEntry } from 'kafkajs';

/** Adds ACLs, and waits until the broker applies them, which is shortly after it has acknowledged them. */
export async function addAcls(address: string, acl: readonly [AclEntry, ...AclEntry[]]): Promise<void> {
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl: [...acl] });
    // They are applied in their order.
    const last = acl.at(-1) ?? acl[0];
    await waitUntil('the ACLs are applied', async () => (await admin.describeAcls(last)).resources.length > 0);
  } finally {
    await admin.disconnect();
  }
}
