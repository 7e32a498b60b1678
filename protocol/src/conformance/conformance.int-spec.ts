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

/** Runs the conformance checks against a participant with this defect; unanswered commands are waited for so long. */
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

it('the conformance checks pass for a participant that keeps all rules', async () => {
  const verdicts = await verdictsOn(undefined, 10_000);
  expect(brokenOf(verdicts)).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(20);
});

it('the conformance checks pass for a participant that compresses its replies', async () => {
  expect(brokenOf(await verdictsOn(undefined, 10_000, CompressionTypes.GZIP))).toEqual([]);
});

/** Each defect, the rule that it breaks, and what must be said about it. */
const defects: readonly (readonly [Defect, rule: number, complaint: RegExp])[] = [
  ['acts on duplicates', 5, /there were 1 effects before, and 2 after/],
  ['answers duplicates anew', 5, /the same answer in another reply/],
  ['forgets failures', 5, /the second reply is the same answer in another reply/],
  ['answers twice', 11, /it came 2 times/],
  ['has no tombstones', 9, /the late action was answered: success/],
  ['answers late actions', 9, /the late action was answered: failure/],
  ['fails compensations of nothing', 8, /locker.take-key-back.v1 ended in failure, not success/],
  ['keys replies by command', 11, /its key is \S+, not/],
  ['forgets what it answers', 11, /got 0 of 1 replies .* of the same saga came a reply with key .* and inreplyto/],
  ['answers for another saga', 11, /sagaid is \S+, not/],
  ['changes the step', 11, /sagastep is other, not key/],
  ['loses the trace', 11, /traceparent is undefined, not/],
  ['sends no content type', 11, /content-type is undefined, not application\/cloudevents\+json/],
  ['calls its replies otherwise', 11, /type must be equal to constant "locker.hand-key.reply.v1"/],
  ['reuses the id of the command', 11, /its id is that of the command/],
  ['answers with a wrong schema', 12, /data\/keyId must be string/],
  ['refuses without leave', 12, /data\/reason must be equal to one of the allowed values \["taken"\]/],
  ['refuses unknown fields', 3, /the outcome is failure with them/],
  ['answers in any order', 2, /reply \d+ is that of flood-\d+, not of flood-\d+/],
  ['is silent about unknown types', 14, /no-such-command.* got 0 of 1 replies/],
  ['follows any reply topic', 14, /the outcome is success, not failure/],
  ['answers another command under a known id', 22, /the outcome is success, not unknown/],
  ['takes back what another saga did', 22, /the outcome is success, not unknown/],
  ['answers one orchestrator alone', 11, /it was answered on orchestrator\.replies\.locker/],
  ['parks nothing', 13, /not parked on saga.dead-letters/],
  ['parks without a reason', 13, /the dead letter has no header reason/],
  ['stops at poison', 13, /got 0 of 1 replies/],
  ['nests to any depth', 13, /it was answered: success/],
  ['handles ids of any age', 15, /it was answered: success/],
  ['forgets ids within the week', 15, /got 0 of 1 replies/],
  ['is silent about wrong attributes', 14, /got 0 of 1 replies/],
  [
    'names replies to nothing otherwise',
    14,
    /the type of the reply is locker.nothing.reply.v1, not locker.unreadable.reply/,
  ],
  ['needs attributes that may be missing', 3, /the outcome is failure, not success/],
  ['parks without a detail', 13, /the dead letter has no header detail/],
  ['fails on tombstones', 8, /locker.take-key-back.v1 ended in failure, not success/],
  ['parks no last attempts', 6, /not parked on saga.dead-letters/],
  ['takes what is forgotten for undone', 8, /it ended in success \(undefined\), not in a failure for action-forgotten/],
  ['commits before it replies', 1, /were committed before their replies were published/],
  ['commits nothing', 1, /the group locker has not committed what it answered in partition/],
  [
    'compresses beyond recognition',
    11,
    /a batch on orchestrator.replies.locker cannot be decoded: its 1 records \(snappy\) are damaged/,
  ],
];

describe('the conformance checks', () => {
  it.each(defects)('detect a participant that %s, against rule %i', async (defect, rule, complaint) => {
    const broken = brokenOf(await verdictsOn(defect, 1_000)).filter(({ rules }) => rules.includes(rule));
    expect(broken.flatMap(({ wrong }) => wrong).join('\n')).toMatch(complaint);
  });
});

it('the conformance checks fail when the participant has no topic', async () => {
  const run = conformanceOf({ brokers: [broker.address], participant: 'locker.commands', document: lockerDocument });
  await expect(run).rejects.toThrow('The broker has no topic locker.commands');
});
