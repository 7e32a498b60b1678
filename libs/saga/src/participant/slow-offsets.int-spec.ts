/*
 * With a real broker: the other commands of a batch are answered while one runs, and no offset passes that one in the
 * meantime.
 */
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Correspondent } from '@palinode/test-support/kafka/correspondent';
import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Kafka, logLevel } from 'kafkajs';
import { commandTopic } from '../contract';
import { Gate } from '../../test/gate';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { participantMigrations } from './migrations';
import { connectParticipant, ParticipantModule } from './participant.module';

it('redelivers a command that still runs to the next instance, and runs the answered others only once', async () => {
  const servers = await RealServers.start({ kafka: true });
  const url = await servers.database(participantMigrations);
  const database = servers.pool(url);
  await database.query(EFFECTS);
  const start = async (): Promise<INestApplication> => {
    const kafka = { brokers: [servers.kafka.address], partitions: 4 };
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url, retryAttempts: 0 }),
        ParticipantModule.forRoot({ service: 'shop', commands: shopCommands, kafka, handlerTimeout: 'off' }),
      ],
      controllers: [Shop],
    }).compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    connectParticipant(app);
    await app.startAllMicroservices();
    return app.init();
  };
  const admin = new Kafka({ brokers: [servers.kafka.address], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  const topic = commandTopic('shop');
  await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] });
  const orchestrator = await Correspondent.start(servers.kafka.address, 'shop');
  try {
    const gate = new Gate();
    const as = behave('waits at the gate', () => gate.opened);
    const slow = orchestrator.send(actAlone, { item: 'card', as });
    const others = Array.from({ length: 24 }, (_, n) =>
      orchestrator.send(n % 2 ? actAlone : actTogether, { item: 'lamp' }),
    );
    // All messages exist before the group reads, so they are one batch.
    await waitUntil('the commands are sent', async () => {
      const partitions = await admin.fetchTopicOffsets(topic);
      return partitions.reduce((sum, { high }) => sum + Number(high), 0) === 1 + others.length;
    });
    const first = await start();
    const replies = await Promise.all(others);
    expect(new Set(replies.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
    // It leaves its group, and cannot stop before the handler ends.
    const closing = first.close();
    const second = await start();
    await waitUntil('the next instance waits for the command', async () => {
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND NOT granted`;
      return (await database.query(waiting)).rows.length > 0;
    });
    gate.open();
    expect((await slow).outcome).toBe('success');
    await Promise.all([closing, second.close()]);
    const { rows } = await database.query(
      'SELECT item, count(*)::int AS times FROM effect GROUP BY item ORDER BY item',
    );
    expect(rows).toEqual([
      { item: 'card', times: 1 },
      { item: 'lamp', times: 24 },
    ]);
  } finally {
    await Promise.all([orchestrator.stop(), admin.disconnect()]);
    await servers.stop();
  }
});
