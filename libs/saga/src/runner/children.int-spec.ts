import { waitUntil } from '@palinode/testing-support/wait-until';
import { v7 as uuidV7 } from 'uuid';
import {
  DEAD_LETTERS,
  ORCHESTRATOR_COMMANDS,
  replyTopic,
  SIGNAL_SAGA,
  START_SAGA,
  UNDO_SAGA,
  type Carried,
  type Command,
  type Reply,
  type StartSaga,
} from '../contract';
import { aStart, incoming, incomingReply, incomingStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { aTrip, bookHotel, bookTrip } from '../../test/sample-shapes';
import { childSagaId } from './command-message';
import { orchestratorMigrations } from '../store/migrations';

let servers: RealServers;
let orchestrator: OrchestratorUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [bookTrip, bookHotel]);
});

afterAll(async () => {
  await orchestrator?.stop();
  await servers?.stop();
});

const CHILDREN = replyTopic('orchestrator');

/** Delivers the messages between sagas and their children until no new ones are sent. */
async function deliverInFamily(again = false): Promise<void> {
  const delivered = new Set<string>();
  for (let isFresh = true; isFresh;) {
    const messages = [ORCHESTRATOR_COMMANDS, CHILDREN].flatMap((topic) =>
      orchestrator.transport.sent<StartSaga | Reply>(topic).map((message) => ({ topic, message })),
    );
    const fresh = messages.filter(({ message }) => !delivered.has(message.id));
    for (const { topic, message } of fresh) {
      delivered.add(message.id);
      const copies = Array.from({ length: again ? 2 : 1 }, () => incoming(topic, message));
      await orchestrator.runner.handleBatch(copies);
    }
    isFresh = fresh.length > 0;
  }
}

function commandTo(service: string, sagaId: string): Command {
  const command = orchestrator.commands(service, sagaId).at(-1);
  if (command === undefined) throw new Error(`No command was sent to ${service}.`);
  return command;
}

async function answer(service: string, sagaId: string, outcome: Reply['outcome'], data?: unknown): Promise<void> {
  await orchestrator.runner.handleBatch([incomingReply(commandTo(service, sagaId), outcome, data)]);
}

async function signal(sagaId: string, payload: unknown, name = 'traveller-consent'): Promise<void> {
  const message = { ...aStart('', {}), type: SIGNAL_SAGA, sagaid: sagaId, data: { signal: name, payload } };
  await orchestrator.runner.handleBatch([incoming(ORCHESTRATOR_COMMANDS, message)]);
}

const statusOf = async (sagaId: string): Promise<string> => (await orchestrator.find(sagaId)).state.status;

/** A trip with a booked seat and the traveller's consent, and its hotel. */
async function atHotel(carried: Carried = {}): Promise<{ trip: string; hotel: string }> {
  const start = aStart('book-trip', aTrip({ legs: ['a'] }), { subject: 't-1', ...carried });
  await orchestrator.start(start);
  const trip = start.sagaid;
  await answer('rail', trip, 'success', { seat: '1' });
  await signal(trip, { given: true });
  const [begun] = orchestrator.transport
    .sent<StartSaga>(ORCHESTRATOR_COMMANDS)
    .filter(({ data }) => data.parent?.sagaId === trip);
  return { trip, hotel: childSagaId(begun!.id) };
}

describe('a child saga', () => {
  it('runs as a saga of its own with the subject of its parent, which continues when the child has ended', async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily();
    expect((await orchestrator.find(hotel)).state).toMatchObject({
      definition: 'book-hotel',
      version: 1,
      subject: 't-1',
      parent: { sagaId: trip, step: 'hotel' },
    });
    await answer('hotel', hotel, 'success');
    await deliverInFamily();
    expect(await statusOf(hotel)).toBe('COMPLETED');
    expect(commandTo('rail', trip)).toMatchObject({ type: 'rail.issue-ticket.v1' });
  });

  it('hands on what the messages of its parent carry, to its participants and back', async () => {
    const carried = { traceparent: '00-1-2-01', sagafault: 'hotel.hold-room=delay' };
    const { trip, hotel } = await atHotel(carried);
    await deliverInFamily();
    expect(commandTo('hotel', hotel)).toMatchObject(carried);
    await answer('hotel', hotel, 'success');
    const toParent = orchestrator.transport.sent<Reply>(CHILDREN).filter(({ sagaid }) => sagaid === trip);
    expect(toParent).toMatchObject([carried]);
    await deliverInFamily();
    expect(commandTo('rail', trip)).toMatchObject({ type: 'rail.issue-ticket.v1', ...carried });
  });

  it('hands on what the message carries that takes it back before it has begun', async () => {
    const carried = { traceparent: '00-1-2-01', sagafault: 'hotel.hold-room=delay' };
    const { trip, hotel } = await atHotel(carried);
    await orchestrator.operate(trip, 'cancel');
    const [, undo] = orchestrator.transport
      .sent<StartSaga>(ORCHESTRATOR_COMMANDS)
      .filter(({ sagaid }) => sagaid === hotel);
    await orchestrator.runner.handleBatch([incoming(ORCHESTRATOR_COMMANDS, undo)]);
    const replies = orchestrator.transport.sent<Reply>(CHILDREN).filter(({ sagaid }) => sagaid === trip);
    expect(replies).toMatchObject([carried]);
  });

  it("counts as a refusal of its parent's step when it is compensated", async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily();
    await answer('hotel', hotel, 'refusal', { reason: 'full' });
    await deliverInFamily();
    const { state } = await orchestrator.find(trip);
    expect(state).toMatchObject({
      status: 'COMPENSATING',
      cause: { kind: 'refusal', step: 'hotel', reason: 'child-compensated', detail: 'room: full' },
    });
    await answer('rail', trip, 'success');
    expect(await statusOf(trip)).toBe('COMPENSATED');
  });

  it('is compensated by its parent after it has completed', async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily();
    await answer('hotel', hotel, 'success');
    await deliverInFamily();
    await answer('rail', trip, 'refusal', { reason: 'closed' });
    await deliverInFamily();
    expect(commandTo('hotel', hotel)).toMatchObject({ type: 'hotel.free-room.v1' });
    await answer('hotel', hotel, 'success');
    await deliverInFamily();
    await answer('rail', trip, 'success');
    expect([await statusOf(hotel), await statusOf(trip)]).toEqual(['COMPENSATED', 'COMPENSATED']);
  });

  it('tolerates that every message is delivered twice', async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily(true);
    await answer('hotel', hotel, 'success');
    await deliverInFamily(true);
    await answer('rail', trip, 'refusal', { reason: 'closed' });
    await deliverInFamily(true);
    expect(orchestrator.commands('hotel', hotel)).toHaveLength(2);
    await answer('hotel', hotel, 'success');
    await deliverInFamily(true);
    expect(await statusOf(hotel)).toBe('COMPENSATED');
  });

  it('never begins when its compensation arrives before its start', async () => {
    const { trip, hotel } = await atHotel();
    await orchestrator.operate(trip, 'cancel');
    const family = orchestrator.transport
      .sent<StartSaga>(ORCHESTRATOR_COMMANDS)
      .filter(({ sagaid }) => sagaid === hotel);
    expect(family).toHaveLength(2);
    const [start, undo] = family.map((message) => incoming(ORCHESTRATOR_COMMANDS, message));
    await orchestrator.runner.handleBatch([undo!]);
    await orchestrator.runner.handleBatch([start!]);
    expect(orchestrator.commands('hotel', hotel)).toEqual([]);
    expect(await statusOf(hotel)).toBe('COMPENSATED');
    await deliverInFamily();
    await answer('rail', trip, 'success');
    expect(await statusOf(trip)).toBe('COMPENSATED');
  });

  it('answers again when its parent asks again because the answer was lost', async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily();
    await answer('hotel', hotel, 'success');
    const lost = orchestrator.transport.sent<Reply>(CHILDREN).filter(({ sagaid }) => sagaid === trip);
    expect(lost).toHaveLength(1);
    await orchestrator.operate(trip, 'retry');
    const again = orchestrator.transport
      .sent<StartSaga>(ORCHESTRATOR_COMMANDS)
      .filter(({ sagaid }) => sagaid === hotel);
    await orchestrator.runner.handleBatch([incomingStart(again.at(-1)!)]);
    const answers = orchestrator.transport.sent<Reply>(CHILDREN).filter(({ sagaid }) => sagaid === trip);
    expect(answers).toHaveLength(2);
    await orchestrator.runner.handleBatch([incoming(CHILDREN, answers.at(-1))]);
    expect((await orchestrator.find(trip)).state.steps['hotel']?.status).toBe('DONE');
  });
});

describe('a message about a child that no saga waits for', () => {
  const nobody = { sagaId: '019b76da-a800-7000-8000-00000000beef', step: 'hotel', commandId: uuidV7() };

  it.each([START_SAGA, UNDO_SAGA])('of the type %s is dead-lettered, and not answered', async (type) => {
    const { trip } = await atHotel();
    for (const parent of [nobody, { ...nobody, sagaId: trip, step: 'no-such-step' }]) {
      const before = orchestrator.transport.sent(CHILDREN).length;
      const message = {
        ...aStart('book-hotel', {}),
        type,
        data: { saga: 'book-hotel', version: 1, input: {}, parent },
      };
      await orchestrator.runner.handleBatch([incoming(ORCHESTRATOR_COMMANDS, message)]);
      const letter = orchestrator.transport.published.filter(({ topic }) => topic === DEAD_LETTERS).at(-1);
      expect(letter).toMatchObject({ headers: { reason: 'unknown-parent' } });
      expect(String(letter?.value)).toContain(message.sagaid);
      expect(orchestrator.transport.sent(CHILDREN)).toHaveLength(before);
    }
  });
});

describe('a message that falsely claims to come from a parent', () => {
  const reasons = (): unknown[] =>
    orchestrator.transport.published
      .filter(({ topic }) => topic === DEAD_LETTERS)
      .map(({ headers }) => headers?.['reason']);

  it('starts no saga for a step that waits for another child', async () => {
    const { trip } = await atHotel();
    const parent = { sagaId: trip, step: 'hotel', commandId: uuidV7() };
    const before = reasons().length;
    for (const sagaid of [uuidV7(), childSagaId(parent.commandId)]) {
      const data = { saga: 'book-hotel', version: 1, input: { nights: 1 }, parent };
      const message = { ...aStart('book-hotel', {}), sagaid, data };
      await orchestrator.runner.handleBatch([incoming(ORCHESTRATOR_COMMANDS, message)]);
      await expect(orchestrator.find(sagaid)).rejects.toThrow();
    }
    expect(reasons().slice(before)).toEqual(['unknown-parent', 'unknown-parent']);
  });

  it('compensates no child that its parent does not compensate', async () => {
    const { trip, hotel } = await atHotel();
    await deliverInFamily();
    const parent = { sagaId: trip, step: 'hotel', commandId: uuidV7() };
    const data = { saga: 'book-hotel', version: 1, input: {}, parent };
    const message = { ...aStart('book-hotel', {}), type: UNDO_SAGA, sagaid: hotel, data };
    const before = reasons().length;
    const { history } = await orchestrator.find(hotel);
    await orchestrator.runner.handleBatch([incoming(ORCHESTRATOR_COMMANDS, message)]);
    expect(reasons().slice(before)).toEqual(['unknown-parent']);
    expect(await orchestrator.find(hotel)).toMatchObject({ history, state: { status: 'RUNNING' } });
  });
});

describe('a command that its topic permanently rejects', () => {
  it('pauses only its own saga, with the reason', async () => {
    const { trip } = await atHotel();
    const command = orchestrator.transport.published.find(
      ({ topic, key }) => topic === 'rail.commands' && key === trip,
    );
    await command?.refused?.('rail.commands rejects it');
    expect((await orchestrator.find(trip)).state).toMatchObject({
      status: 'PAUSED',
      pause: { reason: 'engine-fault', detail: expect.stringContaining('rail.commands rejects it') },
    });
  });
});

describe('a signal', () => {
  it('is recorded with the reason and changes nothing when no wait expects it', async () => {
    const { trip } = await atHotel();
    await signal(trip, { given: true }, 'weather');
    await signal(trip, 'nonsense');
    const { state, history } = await orchestrator.find(trip);
    expect(history.slice(-2).map(({ ignored }) => ignored)).toEqual(['unknown-signal', 'not-awaited']);
    expect(state.status).toBe('RUNNING');
  });

  it('is dead-lettered when its saga is unknown', async () => {
    await signal('019b76da-a800-7000-8000-00000000dead', { given: true });
    await waitUntil('the signal is dead-lettered', () => orchestrator.transport.sent('saga.dead-letters').length > 0);
  });
});
