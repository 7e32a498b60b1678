/*
 * The shop on an Apache Kafka with TLS, SASL and ACLs: each service has a user of its own, with the rights that
 * `npm run acls` prints and no others. Then the passwords of Kafka and PostgreSQL change while orders run.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Acl, NeededTopic } from '@palinode/saga/asyncapi';
import { createKafka } from '@palinode/saga/participant';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { addAcls } from '@palinode/test-support/kafka/acls';
import { SecuredKafka } from '@palinode/test-support/kafka/secured-kafka';
import { repositoryRoot } from '@palinode/test-support/repository';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { eachService, type ServiceName, serviceNames } from '@palinode/test-support/shop/services';
import { Stack } from '@palinode/test-support/shop/stack';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import {
  type AclEntry,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type ITopicConfig,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { brokenBooksAtRest, query } from './books';
import { anOrder, ShopClient, type OrderView } from './shop-client';

const WAIT = { prefer: 'wait=20' };
/** A connection that has not authenticated again by then is closed by the broker. */
const SESSION_MS = 11_000;
const CUT = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename';
const FORBIDDEN = /not authorized|AUTHORIZATION_FAILED|not checked, because/i;

describeWhenAvailable('the shop on a secured Apache Kafka', SecuredKafka.missing(), () => {
  let directory: string;
  let kafka: SecuredKafka;
  let postgres: EmbeddedPostgres;
  let stack: Stack;
  let shop: ShopClient;
  const accepted = new Set<string>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palinode-secured-'));
    const users = eachService((service) => `${service}-1`);
    for (const service of serviceNames) writeFileSync(kafkaPassword(service), `${users[service]}\n`);
    const acls = JSON.parse(printed('acls', '--format', 'json')) as readonly Acl[];
    kafka = await SecuredKafka.start({ users, sessionMs: SESSION_MS });
    await createTopics();
    await addAcls(kafka.broker.address, acls.flatMap(entriesOf) as [AclEntry, ...AclEntry[]]);
    postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres'), databases: databaseNames });
    const databases = eachService((service) => postgres.url(`palinode_${service}`));
    for (const service of serviceNames) writeFileSync(databasePassword(service), new URL(databases[service]).password);
    stack = await Stack.start({
      directory,
      broker: { brokers: [kafka.address] },
      databases,
      restartServices: false,
      environment: (service) => ({
        ...recordingGateway(directory),
        KAFKA_SSL: 'on',
        KAFKA_SSL_CA_FILE: kafka.authority.caFile,
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_SASL_USERNAME: service,
        KAFKA_SASL_PASSWORD_FILE: kafkaPassword(service),
        DATABASE_PASSWORD_FILE: databasePassword(service),
      }),
    });
    shop = ShopClient.of(stack);
  });

  afterAll(async () => {
    await stack?.stop();
    await postgres?.stop();
    await kafka?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const kafkaPassword = (service: ServiceName): string => join(directory, `${service}.kafka`);
  const databasePassword = (service: ServiceName): string => join(directory, `${service}.postgres`);

  async function createTopics(): Promise<void> {
    const topics = JSON.parse(printed('topics', '--format', 'json', '--replicas', '1')) as readonly NeededTopic[];
    const admin = new Kafka({ brokers: [kafka.broker.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: topics.map(topicOf), waitForLeaders: true });
    await admin.disconnect();
  }

  /** As a customer who tries again when the shop is busy, as while connections to its database are cut. */
  function place(): Promise<OrderView> {
    const headers = { ...WAIT, 'idempotency-key': randomUUID() };
    return waitUntil('the order is taken', async () => {
      const { status, body } = await shop.place(anOrder(), headers);
      if (status === 503) return false;
      expect([200, 202]).toContain(status);
      accepted.add(body.orderId);
      return body;
    });
  }

  /** Runs the work as a client with the rights of this service. */
  async function as<T>(service: ServiceName, work: (client: Kafka) => Promise<T>): Promise<T> {
    const password = readFileSync(kafkaPassword(service), 'utf8').trim();
    const ssl = { ca: await kafka.authority.ca() };
    const sasl = { mechanism: 'scram-sha-512', username: service, password } as const;
    return work(
      createKafka({ brokers: [kafka.address], ssl, sasl, logLevel: logLevel.NOTHING, retry: { retries: 0 } }),
    );
  }

  const write = (service: ServiceName, topic: string): Promise<void> =>
    as(service, async (client) => {
      const producer = client.producer({ allowAutoTopicCreation: false, createPartitioner: () => () => 0 });
      await producer.connect();
      try {
        await producer.send({ topic, messages: [{ value: 'no message of the protocol' }] });
      } finally {
        await producer.disconnect();
      }
    });

  const read = (service: ServiceName, group: string, topic: string): Promise<void> =>
    as(service, async (client) => {
      const consumer = client.consumer({ groupId: group, retry: { retries: 0, restartOnFailure: async () => false } });
      const crashed = new Promise<never>((_, reject) =>
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error)),
      );
      const fetched = new Promise<void>((resolve) => consumer.on(consumer.events.FETCH, () => resolve()));
      crashed.catch(() => undefined);
      await consumer.connect();
      try {
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        await Promise.race([crashed, consumer.run({ eachMessage: async () => undefined }).then(() => fetched)]);
      } finally {
        await consumer.disconnect();
      }
    });

  it('completes orders, cancels one and revises one, with the least rights', async () => {
    const [kept, cancelled] = [await place(), await place()];
    expect(await shop.endedSaga(kept.sagaId)).toMatchObject({ status: 'COMPLETED' });
    const { body: cancellation } = await shop.ask<{ sagaId: string }>(cancelled.orderId, 'cancellation');
    expect(await shop.endedSaga(cancellation.sagaId)).toMatchObject({ status: 'COMPLETED' });
    const wish = { lines: [{ sku: 'SKU-CUP', quantity: 3 }], paymentToken: 'tok_ok' };
    const { body: revision } = await shop.ask<{ sagaId: string; revisionId: string }>(kept.orderId, 'revisions', wish);
    const { differenceCents } = await shop.askingRevision(kept.orderId, revision.revisionId);
    const consent = { accepted: true, revisionId: revision.revisionId, differenceCents };
    expect((await shop.ask(kept.orderId, 'consent', consent)).status).toBe(202);
    expect(await shop.endedSaga(revision.sagaId)).toMatchObject({ status: 'COMPLETED' });
    await waitUntil('the customers are notified', async () => {
      const [row] = await query<{ sent: number }>(
        stack.databases.notifications,
        'SELECT count(DISTINCT order_id)::int AS sent FROM notification',
      );
      return row?.sent === 2;
    });
  });

  it('compensates a declined order, and dead-letters what cannot be read, with the least rights', async () => {
    const declined = await shop.place(anOrder({ paymentToken: 'tok_declined' }), WAIT);
    accepted.add(declined.body.orderId);
    expect(await shop.endedSaga(declined.body.sagaId)).toMatchObject({ status: 'COMPENSATED' });
    await write('orchestrator', 'payment.commands');
    await waitUntil('the message is a dead letter', async () => {
      const { body } = await shop.admin<{ items: unknown[] }>('/v1/dead-letters');
      return body.items.length === 1;
    });
  });

  it.each<[string, () => Promise<void>]>([
    ['answer for another participant', () => write('payment', 'orchestrator.replies.inventory')],
    ['start a saga', () => write('payment', 'orchestrator.commands')],
    ['send commands, also to itself', () => write('payment', 'payment.commands')],
    ['acknowledge for the orchestrator', () => write('payment', 'orchestrator.acknowledgements')],
    ['read the commands of another participant', () => read('payment', 'payment', 'inventory.commands')],
    ['read the replies of another participant', () => read('payment', 'payment', 'orchestrator.replies.inventory')],
    ['join the group of another service', () => read('payment', 'inventory', 'payment.commands')],
    ['publish the events of another service', () => write('payment', 'order.events')],
  ])('does not let a participant %s', async (_, attempt) => {
    await expect(attempt()).rejects.toThrow(FORBIDDEN);
  });

  it('does not let a subscriber publish, and lets it read its events', async () => {
    await expect(write('notifications', 'order.events')).rejects.toThrow(FORBIDDEN);
    await read('reporting', 'reporting.99', 'order.events');
  });

  it('lets the orchestrator see how far a participant has come, and no other participant', async () => {
    const progressSeenBy = (service: ServiceName): Promise<unknown> =>
      as(service, async (client) => {
        const admin = client.admin();
        await admin.connect();
        try {
          // Without it the client knows no broker to ask.
          await admin.listTopics();
          return await admin.fetchOffsets({ groupId: 'inventory', topics: ['inventory.commands'] });
        } finally {
          await admin.disconnect();
        }
      });
    expect(await progressSeenBy('orchestrator')).toMatchObject([{ topic: 'inventory.commands' }]);
    await expect(progressSeenBy('payment')).rejects.toThrow(FORBIDDEN);
  });

  it('leaves no service without a right that it asked for', () => {
    const logs = serviceNames.map((service) => readFileSync(join(directory, 'logs', `${service}.log`), 'utf8'));
    expect(logs.flatMap((log) => log.split('\n')).filter((line) => FORBIDDEN.test(line))).toEqual([]);
  });

  it('loses no order, and restarts nothing, while the passwords of Kafka and PostgreSQL change', async () => {
    const pids = eachService((service) => stack.services[service].pid);
    const changing = { done: false };
    const placed: OrderView[] = [];
    const placing = waitUntil('the passwords are changed', async () => {
      placed.push(await place());
      return changing.done;
    });
    for (const service of ['order', 'orchestrator'] as const) {
      // The services learn of it last, and must bridge the time until then.
      await kafka.broker.setPassword(service, `${service}-2`);
      writeFileSync(kafkaPassword(service), `${service}-2`);
      const former = readFileSync(databasePassword(service), 'utf8');
      for (const password of ['another', former]) {
        const role = `palinode_${service}`;
        await query(postgres.adminUrl, `ALTER ROLE ${role} PASSWORD '${password}'`);
        writeFileSync(databasePassword(service), password);
        await query(postgres.adminUrl, `${CUT} = '${role}'`);
      }
    }
    const changedAt = performance.now();
    await waitUntil('every connection has authenticated again', () => performance.now() - changedAt > SESSION_MS);
    changing.done = true;
    await placing;
    for (const { sagaId } of placed) expect(await shop.endedSaga(sagaId)).toMatchObject({ status: 'COMPLETED' });
    expect(await brokenBooksAtRest(stack, accepted)).toEqual([]);
    expect(eachService((service) => stack.services[service].pid)).toEqual(pids);
  });
});

function printed(command: 'acls' | 'topics', ...flags: readonly string[]): string {
  const program = join(repositoryRoot, 'dist/protocol/src', command, 'main.js');
  return execFileSync(process.execPath, [program, ...flags], { encoding: 'utf8' });
}

function topicOf({ name, partitions, replicas, settings }: NeededTopic): ITopicConfig {
  const configEntries = Object.entries(settings).map(([setting, value]) => ({ name: setting, value }));
  return { topic: name, numPartitions: partitions, replicationFactor: replicas, configEntries };
}

const RESOURCES = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP };
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED };
const OPERATIONS = {
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
};

function entriesOf({ principal, resource, name, pattern, operations }: Acl): AclEntry[] {
  return operations.map((operation) => ({
    principal,
    host: '*',
    permissionType: AclPermissionTypes.ALLOW,
    operation: OPERATIONS[operation],
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: PATTERNS[pattern],
  }));
}
