import { type AclEntry, AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { addAcls } from '@palinode/test-support/kafka/acls';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { RecordingLog } from '../../../test/recording-log';
import { ConfigurationError } from '../../contract';
import type { SubscribeOptions } from '../transport';
import { KafkaTransport } from './kafka-transport';

/** Everything without a rule is allowed to everyone. */
const RULES = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': true,
  'group.max.session.timeout.ms': 20_000,
};

describeWhenAvailable('a broker with rules', ApacheKafka.missing(), () => {
  let kafka: ApacheKafka;
  let transport: KafkaTransport;

  beforeAll(async () => {
    kafka = await ApacheKafka.start({ settings: RULES });
    transport = new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog());
    await transport.ensureTopics(['open', 'closed']);
    await addAcls(kafka.address, [
      ruleFor(AclResourceTypes.GROUP, 'closed', AclOperationTypes.READ),
      ruleFor(AclResourceTypes.TOPIC, 'closed', AclOperationTypes.READ),
    ]);
  });

  afterAll(async () => {
    await transport?.close();
    await kafka?.stop();
  });

  it.each([
    ['a group', { group: 'closed', topics: ['open'] }, /as a member of the group closed\. Allow it the operation READ/],
    ['a topic', { group: 'open', topics: ['closed'] }, /read the topics of the group open\. Allow it .* on closed/],
  ])('fails the start of a client that may not read %s, with the remedy', async (_, what, remedy) => {
    const joining = transport.subscribe(taking(what));
    await expect(joining).rejects.toThrow(ConfigurationError);
    await expect(joining).rejects.toThrow(remedy);
  });

  it('fails the start of a client with a session timeout above its limit, with the remedy', async () => {
    const slow = new KafkaTransport({ brokers: [kafka.address], sessionTimeoutMs: 30_000 }, new RecordingLog());
    try {
      const joining = slow.subscribe(taking({ group: 'slow', topics: ['open'] }));
      await expect(joining).rejects.toThrow(/30000 ms in the group slow.*group\.max\.session\.timeout\.ms/);
    } finally {
      await slow.close();
    }
  });
});

const taking = (what: Pick<SubscribeOptions, 'group' | 'topics'>): SubscribeOptions => ({
  ...what,
  handle: async () => undefined,
});

/** Adds a rule that allows the operation only to another user. */
function ruleFor(resourceType: AclResourceTypes, resourceName: string, operation: AclOperationTypes): AclEntry {
  return {
    resourceType,
    resourceName,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:somebody',
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  };
}
