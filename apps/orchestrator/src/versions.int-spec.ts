/* Versions of place-order across deployments: each test runs several orchestrators, one after the other, on one database. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  authorizePayment,
  capturePayment,
  confirmOrder,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
  voidPayment,
} from '@palinode/contracts';
import { defineCommand } from '@palinode/saga/contract';
import { defineSaga, type SagaDefinition } from '@palinode/saga/orchestrator';
import { createService, readEnvironment } from '@palinode/service';
import { IsUUID } from 'class-validator';
import { v7 as uuidV7 } from 'uuid';
import { aStart } from '../../../libs/saga/test/messages';
import { RealServers } from '../../../libs/saga/test/real-servers';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { OrchestratorAppModule } from './orchestrator-app.module';
import { OrchestratorEnvironment } from './orchestrator-environment';
import { placeOrderSaga as version1 } from './place-order';
import { StubParticipants } from '../test/stub-participants';

/** Authorizes the payment first, then reserves the stock, and commits nothing. */
const version2: SagaDefinition = defineSaga({ ...placeOrder, version: 2, deadline: '15m' })
  .compensation('order', { invoke: rejectOrder, payload: ({ input }) => ({ orderId: input.orderId, reason: 'no' }) })
  .compensatable('payment', {
    invoke: authorizePayment,
    payload: ({ input: { lines: _lines, ...payment } }) => payment,
    compensation: { invoke: voidPayment, payload: ({ input }) => ({ orderId: input.orderId }) },
  })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: ({ input }) => ({ orderId: input.orderId, lines: input.lines }),
    compensation: { invoke: releaseStock, payload: ({ input }) => ({ orderId: input.orderId }) },
  })
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ input, payment }) => ({ orderId: input.orderId, authorizationId: payment.authorizationId }),
  })
  .retriable('confirmation', { invoke: confirmOrder, payload: ({ input }) => ({ orderId: input.orderId }) })
  .build();

class Parcel {
  @IsUUID() orderId!: string;
}

/** A saga of a service that is newer than the previous orchestrators. */
const shipParcel: SagaDefinition = defineSaga({ name: 'ship-parcel', version: 1, input: Parcel })
  .pivot('parcel', {
    invoke: defineCommand('shipping.ship-parcel', { payload: Parcel }),
    payload: ({ input }) => ({ orderId: input.orderId }),
  })
  .build();

/** The commands of each version, unordered. */
const COMMANDS_1 = [
  'inventory.reserve-stock.v1',
  'payment.authorize.v1',
  'payment.capture.v1',
  'order.confirm.v1',
  'inventory.commit-stock.v1',
].toSorted();
const COMMANDS_2 = COMMANDS_1.filter((type) => type !== 'inventory.commit-stock.v1');

let servers: RealServers;
let databaseUrl: string;
let participants: StubParticipants;
let orchestrator: NestExpressApplication | undefined;

beforeAll(async () => {
  servers = await RealServers.start({ kafka: true });
  databaseUrl = await servers.database();
  participants = await StubParticipants.start(servers.kafka.address);
});

afterEach(stop);

afterAll(async () => {
  await participants?.stop();
  await servers?.stop();
});

/** Replaces the orchestrator with one that has these definitions. */
async function deploy(...definitions: readonly SagaDefinition[]): Promise<void> {
  await stop();
  const environment = readEnvironment(OrchestratorEnvironment, {
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: servers.kafka.address,
    LOG_LEVEL: 'silent',
  });
  const module = (): ReturnType<typeof OrchestratorAppModule.with> =>
    OrchestratorAppModule.with(environment, definitions);
  orchestrator = await createService({ name: 'orchestrator', module }, environment);
  await orchestrator.listen(0, '127.0.0.1');
}

async function stop(): Promise<void> {
  await orchestrator?.close();
  orchestrator = undefined;
}

/** Starts a saga that has sent its first commands and waits. */
async function begun(): Promise<string> {
  const start = aStart(placeOrder.name, {
    orderId: uuidV7(),
    customerId: 'ada',
    lines: [{ sku: 'SKU-CUP', quantity: 1 }],
    amountCents: 1_200,
    currency: 'EUR',
    paymentToken: 'tok_ok',
  });
  await participants.ask(start);
  await until(start.sagaid, { status: 'RUNNING' });
  return start.sagaid;
}

interface SagaView {
  readonly status: string;
  readonly version: number;
  readonly pause?: { readonly reason: string; readonly detail: string };
  readonly history: readonly { readonly event: { readonly kind: string } }[];
}

async function find(sagaId: string): Promise<SagaView | undefined> {
  const url = await orchestrator?.getUrl();
  const response = await fetch(`${url}/v1/sagas/${sagaId}`);
  return response.ok ? ((await response.json()) as SagaView) : undefined;
}

async function until(sagaId: string, { status }: Pick<SagaView, 'status'>): Promise<SagaView> {
  const reached = async (): Promise<SagaView | false> => {
    const saga = await find(sagaId);
    return saga?.status === status ? saga : false;
  };
  return waitUntil(`the saga is ${status}`, reached, { everyMs: 50 });
}

/** Runs an orchestrator with these definitions beside the deployed ones. */
async function beside(definitions: readonly SagaDefinition[], work: () => Promise<void>): Promise<void> {
  await deploy(...definitions);
  const kept = orchestrator;
  orchestrator = undefined;
  try {
    await work();
  } finally {
    await kept?.close();
  }
}

/** Counts how many of 16 parcels are shipped. */
async function shipParcels(): Promise<number> {
  const starts = Array.from({ length: 16 }, () => aStart(shipParcel.name, { orderId: uuidV7() }));
  for (const start of starts) {
    await participants.answer(start.sagaid);
    await participants.ask(start);
  }
  const ended = await Promise.all(starts.map(({ sagaid }) => until(sagaid, { status: 'COMPLETED' })));
  return ended.length;
}

const sent = (sagaId: string): string[] => participants.commandsOf(sagaId).toSorted();

describe('the orchestrator across deployments of definition versions', () => {
  it('finishes old sagas on the old version and starts new sagas on the new version', async () => {
    await deploy(version1);
    const old = await begun();
    await deploy(version1, version2);
    const young = await begun();
    await participants.answer(old);
    await participants.answer(young);
    expect((await until(old, { status: 'COMPLETED' })).version).toBe(1);
    expect((await until(young, { status: 'COMPLETED' })).version).toBe(2);
    expect([sent(old), sent(young)]).toEqual([COMMANDS_1, COMMANDS_2]);
  });

  it('pauses the sagas of a removed version, and resumes them when the version is back', async () => {
    await deploy(version1);
    const old = await begun();
    await deploy(version2);
    await participants.answer(old);
    const paused = await until(old, { status: 'PAUSED' });
    expect(paused.pause).toMatchObject({
      reason: 'definition-missing',
      detail: 'No definition of place-order v1 is registered; register it again, and the saga continues.',
    });
    await deploy(version1, version2);
    const ended = await until(old, { status: 'COMPLETED' });
    expect(ended.version).toBe(1);
    expect(ended.history.map(({ event }) => event.kind)).toContain('definition-found');
    expect(sent(old)).toEqual(COMMANDS_1);
  });

  it('pauses only the sagas of a version that is rolled back, and starts new sagas on the old version', async () => {
    await deploy(version1, version2);
    const young = await begun();
    await deploy(version1);
    const old = await begun();
    await participants.answer(young);
    await participants.answer(old);
    expect((await until(old, { status: 'COMPLETED' })).version).toBe(1);
    expect((await until(young, { status: 'PAUSED' })).pause?.reason).toBe('definition-missing');
    await deploy(version1, version2);
    expect((await until(young, { status: 'COMPLETED' })).version).toBe(2);
    expect([sent(old), sent(young)]).toEqual([COMMANDS_1, COMMANDS_2]);
  });

  it('begins sagas with the newest version when they arrived at an instance without their definition', async () => {
    await deploy(version1);
    await deploy({ ...version1, name: 'another' });
    const early = aStart(placeOrder.name, { orderId: uuidV7() });
    await participants.ask(early);
    expect((await until(early.sagaid, { status: 'PAUSED' })).version).toBe(0);
    await deploy(version1, version2);
    // It has begun, so its input can be checked.
    const invalid = await waitUntil('the saga begins', async () => {
      const saga = await find(early.sagaid);
      return saga?.version === 2 && saga;
    });
    expect(invalid.pause?.reason).toBe('invalid-input');
  });

  it('finishes the sagas of a new service while an orchestrator runs that does not know the service', async () => {
    await beside([version1], async () => {
      await deploy(version1, shipParcel);
      expect(await shipParcels()).toBe(16);
    });
  });

  it('finishes the sagas of a removed service while an orchestrator runs that does not know it any more', async () => {
    await beside([version1, shipParcel], async () => {
      await deploy(version1);
      expect(await shipParcels()).toBe(16);
    });
  });
});
