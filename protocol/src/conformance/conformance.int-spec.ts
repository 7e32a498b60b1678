import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { conformanceOf, type Verdict } from './conformance';
import { lockerDocument } from '../../test/conformance/locker';
import { SmallParticipant, type Defect } from '../../test/conformance/small-participant';

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
async function verdictsOn(defect: Defect | undefined, deadlineMs: number): Promise<readonly Verdict[]> {
  const participant = await SmallParticipant.start([broker.address], defect);
  try {
    return await conformanceOf({
      brokers: [broker.address],
      participant: 'locker.commands',
      document: lockerDocument,
      orchestrators: ['orchestrator', 'shop'],
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

/** Each defect, and what must be said about it. */
const defects: readonly (readonly [Defect, complaint: RegExp])[] = [
  ['acts on duplicates', /there were 1 effects before, and 2 after/],
  ['answers duplicates anew', /the same answer in another reply/],
  ['forgets failures', /the second reply is another answer/],
  ['answers twice', /it came 2 times/],
  ['has no tombstones', /the late action was answered: success/],
  ['answers late actions', /the late action was answered: failure/],
  ['fails compensations of nothing', /locker.take-key-back.v1 ended in failure, not success/],
  ['keys replies by command', /its key is \S+, not/],
  ['forgets what it answers', /got 0 of 1 replies .* of the same saga came a reply with key .* and inreplyto/],
  ['answers for another saga', /sagaid is \S+, not/],
  ['changes the step', /sagastep is other, not key/],
  ['loses the trace', /traceparent is undefined, not/],
  ['sends no content type', /content-type is undefined, not application\/cloudevents\+json/],
  ['calls its replies otherwise', /type must be equal to constant "locker.hand-key.reply.v1"/],
  ['reuses the id of the command', /its id is that of the command/],
  ['answers with a wrong schema', /data\/keyId must be string/],
  ['refuses without leave', /data\/reason must be equal to one of the allowed values \["taken"\]/],
  ['refuses unknown fields', /the outcome is failure with them/],
  ['answers in any order', /reply \d+ is that of flood-\d+, not of flood-\d+/],
  ['is silent about unknown types', /no-such-command.* got 0 of 1 replies/],
  ['follows any reply topic', /the outcome is success, not failure/],
  ['answers one orchestrator alone', /it was answered on orchestrator\.replies\.locker/],
  ['parks nothing', /not parked on saga.dead-letters/],
  ['parks without a reason', /the dead letter has no header reason/],
  ['stops at poison', /got 0 of 1 replies/],
];

describe('the conformance checks', () => {
  it.each(defects)('detect a participant that %s', async (defect, complaint) => {
    const broken = brokenOf(await verdictsOn(defect, 1_000));
    expect(broken.flatMap(({ wrong }) => wrong).join('\n')).toMatch(complaint);
  });
});

it('the conformance checks fail when the participant has no topic', async () => {
  const run = conformanceOf({ brokers: [broker.address], participant: 'locker.commands', document: lockerDocument });
  await expect(run).rejects.toThrow('The broker has no topic locker.commands');
});
