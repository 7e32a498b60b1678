/*
 * Each code of a diagnosis, in the situation that it is about: an orchestrator over a real broker and a real database, participants that
 * answer, fail, are silent or do not run, and, last, servers that are away.
 */
import { InstanceReport } from '../../orchestrator/instance-report';
import { Controller, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IsString } from 'class-validator';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PoolClient } from 'pg';
import supertest, { type Response } from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Gate } from '../../../test/gate';
import { aReply, aStart } from '../../../test/messages';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import {
  commandTopic,
  DEAD_LETTERS,
  defineCommand,
  defineSignal,
  ORCHESTRATOR_COMMANDS,
  type Command,
  type CommandContract,
  type StartSaga,
} from '../../contract';
import { constant, DefinitionRegistry, defineSaga, type SagaDefinition } from '../../definition';
import { DIAGNOSIS_CODES, type DiagnosisCode } from '../../diagnosis';
import { FaultsModule } from '../../faults';
import {
  deadLetter,
  envelopeMessage,
  KafkaTransport,
  SAGA_TRANSPORT,
  type OutgoingMessage,
  type Transport,
} from '../../messaging';
import { OrchestratorModule, orchestratorMigrations } from '../../orchestrator';
import { connectParticipant, HandleCommand, ParticipantModule, participantMigrations } from '../../participant';
import { Instances, SagaStore } from '../../store';
import { AdminModule } from '..';
import type { DiagnosisView } from './diagnosis.view';

class Thing {
  @IsString() id!: string;
}

/** How a participant answers a command, by the command's name; the other names get a success. */
const ANSWERS: Readonly<Record<string, (command: Command) => OutgoingMessage | undefined>> = {
  fail: (command) => reply(command, 'failure', { reason: 'no-room', detail: 'the shelf is full' }),
  refuse: (command) => reply(command, 'refusal', { reason: 'full' }),
  'refuse-undeclared': (command) => reply(command, 'refusal', { reason: 'never-heard-of' }),
  'leave-unfinished': (command) => reply(command, 'failure', { reason: 'bank', unfinished: true }),
  'know-nothing': (command) => reply(command, 'unknown', { reason: 'another-command' }),
  forget: (command) => reply(command, 'failure', { reason: 'action-forgotten' }),
  'dead-letter': (command) => letterOf(command),
};
/** To the compiler it cannot be refused, so that it fits every kind of step. */
type AnyCommand = CommandContract<Thing, undefined, never>;
const command = (service: string, does: string, refusals: readonly string[] = []): AnyCommand =>
  defineCommand(`${service}.${does}`, { payload: Thing, refusals }) as CommandContract as AnyCommand;
const work = command('shop', 'work');
const approval = defineSignal('approval', { payload: Thing });

const payload = ({ input }: { input: Thing }): Thing => ({ id: input.id });
/** Longer than the test takes on any machine. */
const patient = { timeout: '1d', retry: { backoff: constant('1d') } } as const;
const hasty = { timeout: '50ms', retry: { attempts: 1, backoff: constant('50ms'), attentionAfter: 1 } } as const;
const persistent = { timeout: '200ms', retry: { backoff: constant('50ms'), attentionAfter: 10_000 } } as const;

const one = (name: string, invoke: AnyCommand, options: object = patient): SagaDefinition =>
  defineSaga({ name, version: 1, input: Thing })
    .retriable('act', { invoke, payload, ...options } as never)
    .build();
const pivot = (name: string, invoke: AnyCommand): SagaDefinition =>
  defineSaga({ name, version: 1, input: Thing })
    .pivot('act', { invoke, payload, ...hasty })
    .build();
const compensated = (name: string, invoke: AnyCommand): SagaDefinition =>
  defineSaga({ name, version: 1, input: Thing })
    .compensatable('done', {
      invoke: command('act', 'succeed'),
      payload,
      compensation: { invoke, payload, ...persistent },
    })
    .compensatable('act', {
      invoke: command('act', 'refuse', ['full']),
      payload,
      compensation: { invoke: command('act', 'undo'), payload },
    })
    .build();
const child = defineSaga({ name: 'child', version: 1, input: Thing })
  .compensatable('act', {
    invoke: command('crib', 'work'),
    payload,
    ...patient,
    compensation: { invoke: command('act', 'undo'), payload },
  })
  .build();

/** A definition for each code: its saga comes to stand by itself. */
const SITUATIONS: Partial<Record<DiagnosisCode, SagaDefinition>> = {
  'waiting-for-reply': one('waits', command('calm', 'work')),
  'waiting-for-signal': defineSaga({ name: 'signal', version: 1, input: Thing })
    .wait('approval', { signal: approval, timeout: '1d', otherwise: payload })
    .retriable('act', { invoke: command('act', 'succeed'), payload })
    .build(),
  'waiting-for-child': defineSaga({ name: 'parent', version: 1, input: Thing })
    .child('act', { saga: child, input: payload, timeout: '1d' })
    .build(),
  'backing-off': one('backs-off', command('act', 'fail')),
  'compensation-failing': compensated('cannot-compensate', command('act', 'fail')),
  'no-consumer': one('unread', command('absent', 'work')),
  lagging: one('behind', command('busy', 'work')),
  'participant-silent': one('silent', command('mute', 'work'), persistent),
  'dead-letter': one('dead-lettered', command('act', 'dead-letter')),
  'timers-late': one('overdue', command('deaf', 'work'), { ...persistent, timeout: '3s' }),
  'needs-attention': one('exhausted', command('act', 'fail'), hasty),
  'pivot-unanswered': pivot('unanswered', command('absent', 'decide')),
  'outcome-unknown': one('unknown', command('act', 'know-nothing')),
  'broken-contract': one('broken', command('act', 'refuse-undeclared')),
  unfinished: pivot('unfinished', command('act', 'leave-unfinished')),
  'action-forgotten': compensated('forgotten', command('act', 'forget')),
  'invalid-payload': one('bad-payload', command('act', 'succeed'), { payload: () => ({ id: 7 }) }),
  'invalid-definition': defineSaga({ name: 'bad-condition', version: 1, input: Thing })
    .when(
      () => {
        throw new Error('no such field');
      },
      (saga) =>
        saga.compensatable('act', {
          invoke: command('act', 'succeed'),
          payload,
          compensation: { invoke: command('act', 'undo'), payload },
        }),
    )
    .build(),
  'engine-fault': one('too-large', command('act', 'succeed'), { payload: () => ({ id: 'x'.repeat(300_000) }) }),
  'fault-armed': one('struck', work),
  held: one('held', command('resting', 'work')),
  'paused-by-operator': one('paused', command('idle', 'work')),
  'not-relayed': one('stuck', command('stuck', 'work')),
};
const strict = one('strict', command('act', 'succeed'));
const legacy = one('legacy', command('act', 'succeed'));
const definitions = [...Object.values(SITUATIONS), strict, child];

@Controller()
class Shop {
  @HandleCommand(work)
  async work(): Promise<void> {
    // That it answers is all that counts.
  }
}

let servers: RealServers;
let orchestrator: INestApplication<Server>;
let shop: INestApplication;
let transport: KafkaTransport;
let locking: PoolClient | undefined;
/** Closed while participants do not answer. */
const answering = new Gate();
const ids = new Map<string, string>();

function reply(of: Command, outcome: Parameters<typeof aReply>[1], data?: unknown): OutgoingMessage {
  return envelopeMessage(of.replyto, of.sagaid, JSON.stringify(aReply(of, outcome, data)));
}

function letterOf(of: Command): OutgoingMessage {
  const value = Buffer.from(JSON.stringify(of));
  const message = { topic: commandTopic('act'), partition: 0, offset: '0', key: Buffer.from(of.sagaid), value };
  return deadLetter(message, { reason: 'unreadable' }, 'act', DEAD_LETTERS);
}

async function get(path: string): Promise<Response> {
  return supertest(orchestrator.getHttpServer()).get(`/v1/${path}`);
}

async function post(path: string, body: object): Promise<void> {
  const { status, text } = await supertest(orchestrator.getHttpServer()).post(`/v1/${path}`).send(body);
  if (status >= 300) throw new Error(`${path} was answered with ${status}: ${text}`);
}

/** Starts a saga of this definition with a message, as services do. */
async function start(
  definition: string,
  attributes: Partial<StartSaga> = {},
  input: unknown = { id: 't-1' },
): Promise<string> {
  const sagaid = uuidV7();
  const message = aStart(definition, input, { sagaid, ...attributes });
  await transport.publish([envelopeMessage(ORCHESTRATOR_COMMANDS, sagaid, JSON.stringify(message))]);
  return sagaid;
}

/** Waits until the saga has this diagnosis, and returns it. */
async function diagnosed(sagaId: string, code: DiagnosisCode): Promise<DiagnosisView> {
  let last: DiagnosisView | undefined;
  await waitUntil(`the diagnosis ${code}`, async () => {
    last = (await get(`sagas/${sagaId}/diagnosis`)).body as DiagnosisView;
    return last.code === code;
  });
  return last as DiagnosisView;
}

async function startOrchestrator(databaseUrl: string): Promise<void> {
  const kafka = { brokers: [servers.kafka.address], partitions: 1 };
  const module = await Test.createTestingModule({
    imports: [
      FaultsModule.forRoot({ service: 'orchestrator', databaseUrl, url: 'http://127.0.0.1', isGlobal: true }),
      OrchestratorModule.forRoot({ definitions, kafka, databaseUrl, isGlobal: true, holdAfter: 'never' }),
      AdminModule,
    ],
  }).compile();
  orchestrator = module.createNestApplication();
  orchestrator.useLogger(false);
  await orchestrator.listen(0, '127.0.0.1');
}

async function startShop(databaseUrl: string): Promise<void> {
  const { port } = orchestrator.getHttpServer().address() as AddressInfo;
  const kafka = { brokers: [servers.kafka.address], partitions: 1 };
  const module = await Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: databaseUrl, extra: { pipeline: true }, retryAttempts: 0 }),
      FaultsModule.forRoot({ service: 'shop', databaseUrl, url: `http://127.0.0.1:${port}`, isGlobal: true }),
      ParticipantModule.forRoot({ service: 'shop', commands: [work], kafka, handlerTimeout: 'off' }),
    ],
    controllers: [Shop],
  }).compile();
  shop = module.createNestApplication();
  shop.useLogger(false);
  connectParticipant(shop);
  await shop.startAllMicroservices();
  await shop.init();
}

/** A participant in as few lines as another language needs. */
async function participate(service: string, answers: boolean): Promise<void> {
  await transport.subscribe({
    group: service,
    topics: [commandTopic(service)],
    handle: async (messages) => {
      if (!answers) await answering.opened;
      const commands = messages.map(({ value }) => JSON.parse(String(value)) as Command);
      await transport.publish(commands.flatMap((each) => (ANSWERS[nameOf(each)] ?? succeed)(each) ?? []));
    },
  });
}

function nameOf({ type }: Command): string {
  return type.split('.')[1] ?? '';
}

function succeed(of: Command): OutgoingMessage {
  return reply(of, 'success');
}

/** A transaction that somebody has forgotten keeps the timer of this saga, before it is due. */
async function lockTimerOf(sagaId: string): Promise<PoolClient> {
  const client = await orchestrator.get(SagaStore).pool.connect();
  await waitUntil('the timer is locked', async () => {
    await client.query('BEGIN');
    const { rowCount } = await client.query(
      `SELECT FROM saga_timer WHERE saga_id = $1 AND fire_at > clock_timestamp() + interval '1 s' FOR UPDATE SKIP LOCKED`,
      [sagaId],
    );
    if (rowCount === 0) await client.query('ROLLBACK');
    return rowCount === 1;
  });
  return client;
}

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true, postgres: 'own' });
  const databaseUrl = await servers.database(orchestratorMigrations);
  await startOrchestrator(databaseUrl);
  transport = new KafkaTransport({ brokers: [servers.kafka.address], partitions: 1 }, new RecordingLog());
  await Promise.all([
    startShop(await servers.database(participantMigrations)),
    participate('act', true),
    ...['calm', 'crib', 'busy', 'mute', 'deaf', 'idle', 'resting', 'stuck'].map((each) => participate(each, false)),
    post('holds', { where: { service: 'resting' }, reason: 'a maintenance' }),
  ]);
  const { 'not-relayed': _last, ...now } = SITUATIONS;
  for (const [code, { name }] of Object.entries(now))
    ids.set(code, await start(name, code === 'fault-armed' ? { sagafault: 'shop.work=drop-reply' } : {}));
  locking = await lockTimerOf(idOf('timers-late'));
});

afterAll(async () => {
  answering.open();
  locking?.release(true);
  await transport?.close();
  await shop?.close();
  await orchestrator?.close();
  await servers?.stop();
});

function idOf(code: DiagnosisCode): string {
  const id = ids.get(code);
  if (id === undefined) throw new Error(`No saga was started for ${code}.`);
  return id;
}

describe('a diagnosis has the code', () => {
  /** They need more than a start, or come last. */
  const OTHERS = ['paused-by-operator', 'lagging', 'timers-late', 'not-relayed'];

  it.each((Object.keys(SITUATIONS) as DiagnosisCode[]).filter((code) => !OTHERS.includes(code)))('%s', async (code) => {
    const { summary } = await diagnosed(idOf(code), code);
    expect(summary).not.toBe('');
  });

  it('lagging when the participant has other commands to process', async () => {
    await start('behind');
    await start('behind');
    const { summary } = await diagnosed(idOf('lagging'), 'lagging');
    expect(summary).toMatch(/^busy is \d commands behind, and busy\.work waits for its turn$/);
  });

  it('paused-by-operator, with who and why', async () => {
    const id = idOf('paused-by-operator');
    await diagnosed(id, 'waiting-for-reply');
    const { status } = await supertest(orchestrator.getHttpServer())
      .post(`/v1/sagas/${id}/pause`)
      .set({ 'x-operator': 'ada', 'if-match': '*' })
      .send({ reason: 'to look' });
    expect(status).toBe(200);
    const { summary } = await diagnosed(id, 'paused-by-operator');
    expect(summary).toBe('An operator paused it, ada: to look');
  });

  it('invalid-input for a start whose data do not fit the definition', async () => {
    await diagnosed(await start('strict', {}, { id: 7 }), 'invalid-input');
  });

  it('definition-missing, with the running orchestrators that have the definition', async () => {
    const store = orchestrator.get(SagaStore);
    await store.rememberDefinitions(['legacy']);
    const id = await start('legacy');
    expect((await diagnosed(id, 'definition-missing')).because).toEqual(['No running orchestrator has legacy']);
    const instances = new Instances(store.pool, store.tables);
    const options = { build: undefined, log: new RecordingLog() };
    const other = new InstanceReport(store, new DefinitionRegistry([legacy]), options);
    other.start();
    await waitUntil('the other instance is known', async () => (await instances.having(legacy)).length === 1);
    const { because } = await diagnosed(id, 'definition-missing');
    expect(because).toEqual([expect.stringMatching(/^legacy is registered in \S+$/)]);
    await other.stop();
  });

  it('needs-attention, with the last failure', async () => {
    const { summary } = await diagnosed(idOf('needs-attention'), 'needs-attention');
    expect(summary).toBe('act.fail failed 1 times; its last failure was no-room: the shelf is full');
  });

  it('invalid-payload, with the place of the step in the source', async () => {
    const { because } = await diagnosed(idOf('invalid-payload'), 'invalid-payload');
    expect(because).toEqual([
      expect.stringMatching(/^The step act of bad-payload v1 is defined at .*codes\.int-spec\.ts:\d+$/),
    ]);
  });

  it('fault-armed for a fault that struck, and for one that would', async () => {
    const { summary, because } = await diagnosed(idOf('fault-armed'), 'fault-armed');
    expect(summary).toBe('A fault on demand struck shop.work: drop-reply before-publish in shop');
    expect(because).toContain('The fault was requested with the start of the saga, by X-Saga-Fault');
    await post('faults', { service: 'calm', point: 'after-publish', effect: { type: 'delay' } });
    const armed = await diagnosed(idOf('waiting-for-reply'), 'fault-armed');
    expect(armed.summary).toBe('A fault on demand is armed for calm.work: delay after-publish in calm');
    await post('faults/reset', {});
  });

  it('timers-late when no orchestrator can wake it', async () => {
    await diagnosed(idOf('timers-late'), 'timers-late');
  });

  it('not-relayed while its command is not published, and broker-away when the broker does not answer', async () => {
    const publishing = new Gate();
    const ofOrchestrator = orchestrator.get<Transport>(SAGA_TRANSPORT, { strict: false });
    const publish = ofOrchestrator.publish.bind(ofOrchestrator);
    jest.spyOn(ofOrchestrator, 'publish').mockImplementation(async (messages) => {
      if (messages.some(({ topic }) => topic === commandTopic('stuck'))) await publishing.opened;
      await publish(messages);
    });
    const id = await start('stuck');
    await diagnosed(id, 'not-relayed');
    publishing.open();
    await servers.kafka.close();
    const { summary } = await diagnosed(idOf('waiting-for-reply'), 'broker-away');
    expect(summary).toBe('The broker does not answer: calm.work or its reply is not delivered');
  });

  it('database-away, as the problem of the request, when the orchestrator has no database', async () => {
    await servers.postgres.stop();
    await waitUntil('the database is away', async () => {
      const { status, body } = await get(`sagas/${idOf('waiting-for-reply')}/diagnosis`);
      return status === 503 && (body as { type: string }).type === 'urn:palinode:problem:database-away';
    });
  });
});

it('every code is shown in its situation', () => {
  const shown = [...Object.keys(SITUATIONS), 'invalid-input', 'definition-missing', 'broker-away'];
  expect(shown.toSorted()).toEqual(DIAGNOSIS_CODES.toSorted());
});
