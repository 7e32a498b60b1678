import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { CompressionTypes } from 'kafkajs';
import { conformanceOf, type Verdict } from './conformance';
import { lockerDocument } from '../../test/conformance/locker';
import { JAMMED, SmallParticipant, type Defect } from '../../test/conformance/small-participant';

let directory: string;
let broker: EmbeddedKafka;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'palinode-conformance-'));
  broker = await EmbeddedKafka.start({ directory, port: 0 });
});
afterEach(async () => {
  await broker?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs the conformance checks against a participant with this defect; waits this long for a reply. */
async function verdictsOn(
  defect: Defect | undefined,
  deadlineMs: number,
  compression?: CompressionTypes,
): Promise<readonly Verdict[]> {
  const participant = await SmallParticipant.start([broker.address], defect, compression);
  try {
    return await conformanceOf({
      brokers: [broker.address],
      participant: 'locker.commands',
      document: lockerDocument,
      orchestrators: ['orchestrator', 'shop'],
      failing: { 'locker.hand-key.v1': { lockerId: JAMMED } },
      observe: async ({ lockerId }) => participant.effects.get(String(lockerId)) ?? 0,
      deadlineMs,
    });
  } finally {
    await participant.stop();
  }
}

const brokenOf = (verdicts: readonly Verdict[]): readonly Verdict[] => verdicts.filter(({ wrong }) => wrong.length > 0);

it('the conformance checks pass for a participant that follows all rules', async () => {
  const verdicts = await verdictsOn(undefined, 10_000);
  expect(brokenOf(verdicts)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(20);
});

it('the conformance checks pass for a participant that compresses its replies', async () => {
  expect(brokenOf(await verdictsOn(undefined, 10_000, CompressionTypes.GZIP))).toEqual([]);
});

/** Each defect, the rule that it breaks, and the expected report. */
const defects: readonly (readonly [Defect, rule: number, report: RegExp])[] = [
  ['handles duplicates again', 5, /there were 1 effects before, and 2 after/],
  ['answers duplicates with a new reply', 5, /the same outcome in a new reply/],
  ['forgets failures', 5, /the second reply is the same outcome in a new reply/],
  ['answers twice', 11, /it arrived 2 times/],
  ['has no tombstones', 9, /the late action was answered: success/],
  ['answers late actions', 9, /the late action was answered: failure/],
  ['fails compensations of unknown actions', 8, /locker.take-key-back.v1 ended in failure, not success/],
  ['keys replies by command', 11, /its key is \S+, not/],
  ['omits inreplyto', 11, /got 0 of 1 replies .* for the same saga there were a reply with key .* and inreplyto/],
  ['answers for another saga', 11, /sagaid is \S+, not/],
  ['changes the step', 11, /sagastep is other, not key/],
  ['loses the trace', 11, /traceparent is undefined, not/],
  ['sends no content type', 11, /content-type is undefined, not application\/cloudevents\+json/],
  ['uses another reply type', 11, /type must be equal to constant "locker.hand-key.reply.v1"/],
  ['reuses the id of the command', 11, /its id is that of the command/],
  ['answers with a wrong schema', 12, /data\/keyId must be string/],
  ['refuses for an undeclared reason', 12, /data\/reason must be equal to one of the allowed values \["taken"\]/],
  ['refuses unknown fields', 3, /the outcome is failure with them/],
  ['answers out of order', 2, /reply \d+ is that of flood-\d+, not of flood-\d+/],
  ['does not answer unknown types', 14, /no-such-command.* got 0 of 1 replies/],
  ['answers on any reply topic', 14, /the outcome is success, not failure/],
  ['answers another command with a known id', 22, /the outcome is success, not unknown/],
  ['compensates an action of another saga', 22, /the outcome is success, not unknown/],
  ['answers only one orchestrator', 11, /it was answered on orchestrator\.replies\.locker/],
  ['writes no dead letters', 13, /not dead-lettered on saga.dead-letters/],
  ['dead-letters without a reason', 13, /the dead letter has no header reason/],
  ['stops at poison messages', 13, /got 0 of 1 replies/],
  ['accepts any nesting depth', 13, /it was answered: success/],
  ['handles ids of any age', 15, /it was answered: success/],
  ['forgets ids within the week', 15, /got 0 of 1 replies/],
  ['does not answer invalid attributes', 14, /got 0 of 1 replies/],
  [
    'uses another type for replies to commands without a type',
    14,
    /the type of the reply is locker.nothing.reply.v1, not locker.unreadable.reply/,
  ],
  ['requires optional attributes', 3, /the outcome is failure, not success/],
  ['dead-letters without a detail', 13, /the dead letter has no header detail/],
  ['fails on tombstones', 8, /locker.take-key-back.v1 ended in failure, not success/],
  ['writes no dead letters for last attempts', 6, /not dead-lettered on saga.dead-letters/],
  [
    'treats forgotten actions as unknown',
    8,
    /it ended in success \(undefined\), not in a failure for action-forgotten/,
  ],
  ['commits before it replies', 1, /were committed before their replies were published/],
  ['commits nothing', 1, /the group locker has not committed what it answered in partition/],
  [
    'compresses invalidly',
    11,
    /a batch on orchestrator.replies.locker cannot be decoded: its 1 records \(snappy\) are damaged/,
  ],
];

describe('the conformance checks', () => {
  it.each(defects)('detect a participant that %s, against rule %i', async (defect, rule, report) => {
    const broken = brokenOf(await verdictsOn(defect, 1_000)).filter(({ rules }) => rules.includes(rule));
    expect(broken.flatMap(({ wrong }) => wrong).join('\n')).toMatch(report);
  });
});

it('the conformance checks fail when the participant’s topic does not exist', async () => {
  const run = conformanceOf({ brokers: [broker.address], participant: 'locker.commands', document: lockerDocument });
  await expect(run).rejects.toThrow('The broker has no topic locker.commands');
});
