/*
 * Two instances of a participant handle the same commands, on a real database: this covers what the simulator, which
 * has no connections, cannot.
 */
import { OF_THIS_DATABASE } from '@palinode/test-support/postgres/shared-postgres';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../../src/contract';
import { once } from '../../src/participant';
import { Gate } from '../gate';
import { aCommand, undoing } from '../messages';
import { ParticipantUnderTest } from '../participant-under-test';
import { actAlone, actTogether, behave, calls, Shop, shopCommands, undoAlone } from '../sample-participant';

const timesCalled = ({ id }: Command): number => calls.filter((each) => each === id).length;

/** Returns the broken promises, in the order in which they were checked. */
export async function brokenByTwo(databaseUrl: string): Promise<string[]> {
  const start = (): Promise<ParticipantUnderTest> =>
    ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  const [one, other] = [await start(), await start()];
  try {
    const kept: [promise: string, isKept: boolean][] = [
      ['a running command is not started again', await isBegunOnce(one, other)],
      ['an answered command is not handled again', await isAnsweredFromTheStore(one, other)],
      ['an effect happens once', await hasItsEffectOnce(one, other)],
      ['another command gets no stored answer', await isToldApart(one, other)],
      ...(await afterACall(one, other)),
    ];
    return kept.flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
}

async function isBegunOnce(one: ParticipantUnderTest, other: ParticipantUnderTest): Promise<boolean> {
  const [running, mayEnd] = [new Gate(), new Gate()];
  const holds = behave('holds', async () => {
    running.open();
    await mayEnd.opened;
  });
  const command = aCommand(actAlone, { item: 'lamp', as: holds });
  const first = one.deliver(command);
  await running.opened;
  const second = other.deliver(command);
  await waitUntil('the second instance runs the handler or waits', async () => {
    const waiting = await one.sql(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND ${OF_THIS_DATABASE} AND NOT granted`,
    );
    return waiting.length > 0 || timesCalled(command) > 1;
  });
  const begun = timesCalled(command);
  mayEnd.open();
  await Promise.all([first, second]);
  return begun === 1;
}

async function isAnsweredFromTheStore(one: ParticipantUnderTest, other: ParticipantUnderTest): Promise<boolean> {
  const command = aCommand(actAlone, { item: 'lamp' });
  await one.deliver(command);
  await other.deliver(command);
  return timesCalled(command) === 1;
}

/** An attempt calls a third party and fails; another instance handles the next attempt and its compensation. */
async function afterACall(
  one: ParticipantUnderTest,
  other: ParticipantUnderTest,
): Promise<[promise: string, isKept: boolean][]> {
  let called = 0;
  const fails = behave('calls a third party, then fails', async (tx) => {
    await once(tx, 'only', async () => void (called += 1));
    throw new Error('after the call');
  });
  const first = aCommand(actAlone, { item: 'lamp', as: fails });
  const second = aCommand(actAlone, { item: 'lamp', as: fails }, { sagaid: first.sagaid, sagaattempt: 2 });
  const [failure] = await one.deliver(first);
  await other.deliver(second);
  const compensation = undoing(second, undoAlone, { item: 'back' });
  await one.deliver(compensation);
  return [
    ['a third party is called once for all attempts', called === 1],
    [
      'a failure after a call does not prove that nothing happened',
      (failure?.data as { unfinished?: boolean } | undefined)?.unfinished === true,
    ],
    ['what a third party has done is compensated', (await one.effectsOf(compensation)).length === 1],
  ];
}

async function hasItsEffectOnce(one: ParticipantUnderTest, other: ParticipantUnderTest): Promise<boolean> {
  const bothRun = new Gate();
  const meets = behave('meets the other', async () => {
    if (timesCalled(command) > 1) bothRun.open();
    await bothRun.opened;
  });
  const command = aCommand(actTogether, { item: 'lamp', as: meets });
  await Promise.all([one.deliver(command), other.deliver(command)]);
  return (await one.effectsOf(command)).length === 1;
}

async function isToldApart(one: ParticipantUnderTest, other: ParticipantUnderTest): Promise<boolean> {
  for (const act of [actAlone, actTogether]) {
    const [planted, command] = [aCommand(act, { item: 'a cent' }), aCommand(act, { item: 'lamp' })];
    await one.deliver({ ...planted, id: command.id });
    const [reply] = await other.deliver(command);
    if (reply?.outcome !== 'unknown') return false;
  }
  return true;
}
