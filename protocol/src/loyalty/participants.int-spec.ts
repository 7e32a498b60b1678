import { cloudEvent } from '@palinode/saga/internal/contract';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { CONTENT_TYPE, ORCHESTRATOR_COMMANDS, START_SAGA, type StartSaga } from '@palinode/saga/internal/contract';
import { OrchestratorModule, orchestratorMigrations, type SagaState } from '@palinode/saga/orchestrator';
import { SagaStore } from '@palinode/saga/internal';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { v7 } from 'uuid';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { RealServers } from '../../../libs/saga/test/real-servers';
import { Child } from '@palinode/testing-support/processes/child';
import { GO_REMEDY, goCommand } from '@palinode/test-support/processes/go-command';
import { repositoryRoot } from '@palinode/test-support/repository';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Referral } from './contracts';
import { rewardReferral } from './reward-referral';
import { join } from 'node:path';

// Debian's Python, which has python3-kafka; another one may be first on the PATH.
const PYTHON = '/usr/bin/python3';
const PYTHON_EXAMPLE = join(repositoryRoot, 'examples/python-participant');
const GO_EXAMPLE = join(repositoryRoot, 'examples/go-participant');

interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

interface Example {
  readonly language: string;
  /** The missing prerequisite and its remedy; undefined when nothing is missing. */
  readonly missing: string | undefined;
  /** Builds it, and creates its database. */
  readonly prepare: (servers: RealServers) => Promise<Program>;
}

const examples: readonly Example[] = [
  {
    language: 'Python',
    missing:
      spawnSync(PYTHON, ['-c', 'import kafka']).status === 0
        ? undefined
        : 'Install kafka-python with: apt-get install python3-kafka',
    prepare: async ({ directory }) => ({
      command: PYTHON,
      args: [join(PYTHON_EXAMPLE, 'loyalty.py'), '--database', join(directory, 'loyalty.db')],
    }),
  },
  {
    language: 'Go',
    missing: goCommand() === undefined ? GO_REMEDY : undefined,
    prepare: async (servers) => {
      const command = join(servers.directory, 'loyalty');
      const build = spawnSync(goCommand()!, ['build', '-o', command, '.'], { cwd: GO_EXAMPLE, encoding: 'utf8' });
      if (build.status !== 0) throw new Error(`The participant in Go cannot be built: ${build.stderr}`);
      return { command, args: ['--database', await servers.database()] };
    },
  },
];

for (const { language, missing, prepare } of examples)
  describeWhenAvailable(`the ${language} participant`, missing, () => participates(language, prepare));

function participates(language: string, prepare: Example['prepare']): void {
  let servers: RealServers;
  let program: Program;
  let participant: Child;
  let port: number;

  beforeAll(async () => {
    servers = await RealServers.start({ kafka: true });
    program = await prepare(servers);
    ({ participant, port } = await startParticipant());
  });
  afterAll(async () => {
    await participant?.stop();
    await servers?.stop();
  });

  async function startParticipant(...names: string[]): Promise<{ participant: Child; port: number }> {
    const options = [...program.args, '--brokers', servers.kafka.address, '--port', '0', ...names];
    const listening = /listening on \S*loyalty.commands, counting on port (\d+)/;
    const child = await Child.start(program.command, options, {
      name: `the participant in ${language}`,
      environment: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      guarded: true,
    });
    const said = await waitUntil(
      'it to listen',
      () => listening.exec(child.lastLines()) ?? (!child.isRunning && 'it to end'),
    );
    if (typeof said === 'string') throw new Error(`The participant in ${language} ended: ${child.lastLines()}`);
    return { participant: child, port: Number(said[1]) };
  }

  /** The report of `npm run conformance` on the participant whose effects page is on this port. */
  async function conformance(counting: number, ...names: string[]): Promise<{ code: number | null; said: string }> {
    const main = join(repositoryRoot, 'dist/protocol/src/conformance/main.js');
    const document = join(PYTHON_EXAMPLE, 'asyncapi.yaml');
    const observe = `http://127.0.0.1:${counting}/effects?referralId={referralId}`;
    const failing = join(servers.directory, 'failing.json');
    await writeFile(failing, JSON.stringify({ 'loyalty.award-points.v1': { memberId: 'partner-1' } }));
    const common = ['--asyncapi', document, '--failing', failing, '--observe', observe];
    const options = ['--brokers', servers.kafka.address, ...common, ...names];
    const run = await Child.start(process.execPath, [main, '--participant', 'loyalty.commands', ...options], {
      name: 'npm run conformance',
    });
    const { code } = await run.ended;
    return { code, said: run.lastLines(200) };
  }

  const passed = { code: 0, said: expect.stringMatching(/\n\d+ kept, 0 broken$/) as string };

  it('passes npm run conformance', async () => {
    expect(await conformance(port)).toEqual(passed);
  });

  it('passes npm run conformance on a shared cluster, by the name of an orchestrator and a prefix', async () => {
    const prefix = ['--topic-prefix', 'staging.'];
    const other = await startParticipant('--orchestrator', 'travel', ...prefix);
    try {
      const run = await conformance(other.port, '--orchestrators', 'travel', ...prefix);
      expect(run).toEqual(passed);
      expect(run.said).toContain('is answered on staging.travel.replies.loyalty, and on no other topic');
    } finally {
      await other.participant.stop();
    }
  });

  describe('a saga of the real orchestrator', () => {
    let orchestrator: INestApplicationContext;
    let producer: Producer;

    beforeAll(async () => {
      const databaseUrl = await servers.database(orchestratorMigrations);
      const brokers = [servers.kafka.address];
      orchestrator = await NestFactory.createApplicationContext(
        OrchestratorModule.forRoot({ definitions: [rewardReferral], kafka: { brokers }, databaseUrl }),
        { logger: false },
      );
      producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      await producer.connect();
    });
    afterAll(async () => {
      await producer?.disconnect();
      await orchestrator?.close();
    });

    async function start(input: Referral): Promise<string> {
      const message = cloudEvent<StartSaga>(new Date(), {
        id: v7(),
        type: START_SAGA,
        source: '/test',
        subject: input.referralId,
        sagaid: v7(),
        data: { saga: rewardReferral.name, input },
      });
      const { sagaid: key } = message;
      const headers = { 'content-type': CONTENT_TYPE };
      await producer.send({
        topic: ORCHESTRATOR_COMMANDS,
        messages: [{ key, value: JSON.stringify(message), headers }],
      });
      return key;
    }

    async function ended(sagaId: string): Promise<SagaState> {
      return waitUntil('the saga to end', async () => {
        const { sagas } = await orchestrator.get(SagaStore).read([sagaId]);
        const state = sagas.get(sagaId)?.state;
        return state && ['COMPLETED', 'COMPENSATED', 'PAUSED'].includes(state.status) && state;
      });
    }

    async function effectsOf(referralId: string): Promise<unknown> {
      const response = await fetch(`http://127.0.0.1:${port}/effects?referralId=${referralId}`);
      return response.json();
    }

    it('completes with its steps', async () => {
      const referralId = v7();
      const state = await ended(await start({ referralId, newcomerId: 'grace', referrerId: 'edsger' }));
      expect(state).toMatchObject({
        status: 'COMPLETED',
        steps: { newcomer: { reply: { balance: 100 } }, referrer: { reply: { balance: 500 } } },
      });
      expect(await effectsOf(referralId)).toEqual({ count: 2 });
    });

    it('compensates when it refuses a step', async () => {
      const referralId = v7();
      const state = await ended(await start({ referralId, newcomerId: 'barbara', referrerId: 'nobody' }));
      expect(state).toMatchObject({
        status: 'COMPENSATED',
        cause: { kind: 'refusal', reason: 'unknown-member' },
        steps: { newcomer: { status: 'COMPENSATED' }, referrer: { status: 'REFUSED' } },
      });
      // Awarded once, revoked once.
      expect(await effectsOf(referralId)).toEqual({ count: 2 });
    });

    it('completes after the participant was killed and restarted', async () => {
      await participant.kill();
      const referralId = v7();
      const sagaId = await start({ referralId, newcomerId: 'tony', referrerId: 'leslie' });
      ({ participant, port } = await startParticipant());
      expect(await ended(sagaId)).toMatchObject({ status: 'COMPLETED' });
      expect(await effectsOf(referralId)).toEqual({ count: 2 });
    });
  });
}
