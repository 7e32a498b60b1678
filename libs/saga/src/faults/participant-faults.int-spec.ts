/* Faults in a participant over a real database; the crash effect needs real processes, see test/crash. */
import type { Pool } from 'pg';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command, Reply } from '../contract';
import { DEAD_LETTERS } from '../contract';
import { defineStart, ORCHESTRATOR_COMMANDS, type StartSaga } from '../contract';
import { hookContext } from '../messaging';
import { Sagas } from '../participant';
import { participantMigrations } from '../participant/migrations';
import { aCommand, aReply, incoming } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { actAlone, actTogether, calls, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { catalogOf } from './catalog';
import { FaultEngine } from './fault-engine';
import { FaultHooks } from './fault-hooks';
import type { Effect, FaultRule } from './fault-rule';
import { Hits, type Hit } from './hits';

const catalog = catalogOf(shopCommands.map((contract) => ({ contract, directions: ['action'] })));
const act = defineStart('act', { input: actAlone.payload, subject: () => 'lamp' });
let servers: RealServers;
let pool: Pool;
let hits: Hits;
let engine: FaultEngine;
let hooks: FaultHooks;
let shop: ParticipantUnderTest;
let rules = 0;
const log = new RecordingLog();

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(participantMigrations);
  pool = servers.pool(databaseUrl);
  hits = new Hits(pool, 'shop');
  await hits.prepare();
  engine = new FaultEngine('shop', hits, log);
  hooks = new FaultHooks(engine, log);
  shop = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop], hooks });
  await shop.sql(EFFECTS);
});

afterAll(async () => {
  engine?.close();
  await shop?.stop();
  await servers?.stop();
});

afterEach(() => engine.arm([], catalog));

function arm(point: FaultRule['point'], effect: Effect, part: Partial<FaultRule> = {}): FaultRule {
  const rule = { id: `rule-${(rules += 1)}`, service: 'shop', point, effect, ...part };
  engine.arm([rule], catalog);
  return rule;
}

const hitsOf = async ({ sagaid }: Command): Promise<Hit[]> => hits.newest(sagaid, 10);
const outcomeOf = (replies: readonly Reply[]): unknown => replies.map(({ outcome, data }) => ({ outcome, data }));
const timesCalled = ({ id }: Command): number => calls.filter((each) => each === id).length;

describe.each([
  ['a transaction per command', actAlone],
  ['a transaction per batch', actTogether],
])('a handler with %s', (_name, act) => {
  const command = (attributes: Partial<Command> = {}): Command => aCommand(act, { item: 'lamp' }, attributes);

  it('can be made to refuse without running', async () => {
    arm('before-handler', { type: 'refuse', reason: 'sold-out' });
    const order = command();
    expect(outcomeOf(await shop.deliver(order))).toMatchObject([{ outcome: 'refusal', data: { reason: 'sold-out' } }]);
    expect([timesCalled(order), await shop.effectsOf(order)]).toEqual([0, []]);
  });

  it.each(['before-handler', 'before-commit'] as const)(
    'can be made to fail %s without leaving an effect',
    async (point) => {
      arm(point, { type: 'fail' });
      const order = command();
      expect(outcomeOf(await shop.deliver(order))).toMatchObject([
        { outcome: 'failure', data: { reason: 'FaultStruckError' } },
      ]);
      expect(await shop.effectsOf(order)).toEqual([]);
      expect(await hitsOf(order)).toMatchObject([{ messageId: order.id, point, effect: 'fail', command: act.name }]);
    },
  );

  it('is hit for one command of a batch, and not for the others', async () => {
    const [one, other] = [command({ subject: 'o-1' }), command({ subject: 'o-2' })];
    arm('before-commit', { type: 'fail' }, { subject: 'o-1' });
    const [first, second] = await shop.deliver(one, other);
    expect([first?.outcome, second?.outcome]).toEqual(['failure', 'success']);
    expect([await shop.effectsOf(one), await shop.effectsOf(other)]).toEqual([[], ['lamp']]);
  });

  it('keeps its effect when its reply is dropped, and answers a second delivery from the inbox', async () => {
    arm('before-publish', { type: 'drop-reply' });
    const order = command();
    expect(await shop.deliver(order)).toEqual([]);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(outcomeOf(await shop.deliver(order))).toMatchObject([{ outcome: 'success' }]);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
  });

  it('answers twice when its reply is duplicated', async () => {
    arm('before-publish', { type: 'duplicate-reply' });
    const order = command();
    await shop.deliver(order);
    expect(shop.rawRepliesTo(order)).toHaveLength(2);
    expect(new Set(shop.rawRepliesTo(order)).size).toBe(1);
  });

  it('answers later when its reply is delayed', async () => {
    arm('before-publish', { type: 'late-reply', ms: 30 });
    const order = command();
    expect(await shop.deliver(order)).toEqual([]);
    await waitUntil('the late reply', () => shop.repliesTo(order).length === 1);
  });

  it('never receives a poisoned command, which is parked and answered with a failure', async () => {
    arm('received', { type: 'poison' });
    const order = command();
    expect(outcomeOf(await shop.deliver(order))).toMatchObject([
      { outcome: 'failure', data: { reason: 'invalid-payload' } },
    ]);
    expect(timesCalled(order)).toBe(0);
    expect(shop.transport.sent<Command>(DEAD_LETTERS)).toContainEqual(expect.objectContaining({ id: order.id }));
  });

  it('hangs until the fault is disarmed', async () => {
    arm('before-handler', { type: 'hang', ms: 600_000 });
    const order = command();
    const replies = shop.deliver(order);
    await waitUntil('the hit', async () => (await hitsOf(order)).length === 1);
    expect(shop.repliesTo(order)).toEqual([]);
    engine.arm([], catalog);
    expect(outcomeOf(await replies)).toMatchObject([{ outcome: 'success' }]);
  });
});

describe('a fault rule', () => {
  const command = (attributes: Partial<Command> = {}): Command => aCommand(actAlone, { item: 'cup' }, attributes);
  const struckOf = async (...orders: Command[]): Promise<boolean[]> => {
    for (const order of orders) await shop.deliver(order);
    return orders.map((order) => shop.repliesTo(order)[0]?.outcome === 'failure');
  };

  it('skips the configured number of messages and counts those that it hits', async () => {
    arm('before-handler', { type: 'fail' }, { skip: 2, count: 2 });
    const orders = Array.from({ length: 6 }, () => command());
    expect(await struckOf(...orders)).toEqual([false, false, true, true, false, false]);
  });

  it('is counted exactly by instances that share a database', async () => {
    const rule = arm('before-handler', { type: 'crash' }, { count: 3 });
    const otherHits = new Hits(pool, 'shop');
    const recorded = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const { id: messageId, sagaid: sagaId } = command();
        return (n % 2 ? hits : otherHits).record(rule, 'before-handler', { messageId, sagaId, command: 'shop.act' });
      }),
    );
    expect(recorded.filter((each) => each === 'struck')).toHaveLength(3);
  });

  it('hits a message once, even after the process that recorded the hit has died', async () => {
    const rule = arm('after-commit', { type: 'crash' });
    const target = { messageId: command().id, sagaId: command().sagaid, command: 'shop.act-alone' };
    expect(await hits.record(rule, 'after-commit', target)).toBe('struck');
    expect(await new Hits(pool, 'shop').record(rule, 'after-commit', target)).toBe('again');
    expect(await hits.record({ ...rule, id: 'every', every: true }, 'after-commit', target)).toBe('struck');
    expect(await hits.record({ ...rule, id: 'every', every: true }, 'after-commit', target)).toBe('struck');
  });

  it('has no effect after it has expired', async () => {
    arm('before-handler', { type: 'fail' }, { expiresAt: Date.now() - 1 });
    expect(await struckOf(command())).toEqual([false]);
  });

  it('hits only the attempt that it names, also at its reply', async () => {
    arm('before-publish', { type: 'drop-reply' }, { attempt: 2 });
    const [first, second] = [command(), command({ sagaattempt: 2 })];
    expect([(await shop.deliver(first)).length, (await shop.deliver(second)).length]).toEqual([1, 0]);
  });

  it('can be requested for a single saga', async () => {
    const [struck, other] = [command({ sagafault: 'shop.act-alone=fail' }), command()];
    expect(await struckOf(struck, other)).toEqual([true, false]);
    expect(await hitsOf(struck)).toMatchObject([{ rule: `${struck.sagaid}/0` }]);
  });
});

describe('a requested fault', () => {
  it('is all that the messages of a saga carry of what its starter asks for', async () => {
    const sagafault = 'shop.act-alone=fail';
    const carried = { sagafault, traceparent: '00-1-2-01' };
    const sagaId = await shop.app.get(Sagas).start(shop.source.manager, act, { item: 'lamp' }, { carried });
    const [start] = await waitUntil('the start is published', () => {
      const starts = shop.transport.sent<StartSaga>(ORCHESTRATOR_COMMANDS).filter(({ sagaid }) => sagaid === sagaId);
      return starts.length > 0 && starts;
    });
    expect(start).toMatchObject({ sagafault });
    expect(start).not.toHaveProperty('traceparent');
  });

  it.each([
    ['shop.act-alone=explode', 'effect of a fault must be one of'],
    ['shop.moon=fail', 'command must be one of shop.act-alone'],
    ['shop.act-alone=refuse;reason=moon', 'effect.reason must be one of sold-out'],
  ])('is rejected when it is %s', (fault, message) => {
    expect(() => hooks.carry({ sagafault: fault })).toThrow(message);
  });
});

describe('a message that cannot be read', () => {
  const wrong: readonly (readonly [string, object])[] = [
    ['a saga id that is none', { sagaid: 'x' }],
    ['an id that is none', { id: 'x' }],
    ['an endless fault', { sagafault: `shop.act-alone=poison,${'\u001b"'.repeat(40_000)}` }],
  ];

  it.each(wrong)('is parked, and strikes nothing, with %s', async (_what, attributes) => {
    arm('received', { type: 'poison' });
    const order = aCommand(actAlone, { item: 'lamp' }, { sagafault: 'shop.act-alone=poison' });
    const before = log.lines.length;
    const parked = shop.transport.sent<Command>(DEAD_LETTERS).length;
    await shop.transport.deliver(incoming('shop.commands', { ...order, ...attributes }));
    expect(shop.transport.sent<Command>(DEAD_LETTERS)).toHaveLength(parked + 1);
    expect(log.lines.slice(before)).toEqual([]);
  });

  it('counts as itself when it is a reply to no command', () => {
    const reply = { ...aReply(aCommand(actAlone, {}), 'success'), inreplyto: 'x'.repeat(5_000) };
    expect(hookContext(reply).messageId).toBe(reply.id);
  });
});

it('a fault that cannot be understood is told in one line', async () => {
  const order = aCommand(actAlone, { item: 'lamp' }, { sagafault: '\u001b[2J\n{"level":60}' });
  await shop.deliver(order);
  const [line = ''] = log.lines.filter((each) => each.includes(order.sagaid));
  expect(line).toContain('asks for a fault that cannot be understood');
  expect(line).not.toMatch(/\p{Cc}/u);
});
