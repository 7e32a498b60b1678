import { v7 as uuidV7 } from 'uuid';
import type { Check, Notes, Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { sameReplies } from './answers';

const TOO_LARGE = 256 * 1024 + 1;

/** The requirements for messages that no participant can process. */
export function survivesPoison(service: string, type: string): readonly Check[] {
  return [
    {
      rules: [5, 14],
      promise: 'a command of unknown type is answered with a failure, also the second time, and is dead-lettered',
      play: async (play, notes) => {
        const saga = await play.saga();
        const unknown = { ...saga.command(type), type: `${service}.no-such-command.v1` };
        const { reply } = await saga.ask(unknown);
        notes.did.push(`sent ${unknown.type}, twice`);
        notes.expect(reply.outcome === 'failure', `the outcome is ${reply.outcome}, not failure`);
        notes.expect(
          reply.inreplyto === unknown.id && reply.sagastep === unknown.sagastep,
          'the reply names another command',
        );
        await saga.send(unknown);
        await sameReplies(play, unknown, 2, notes);
        await expectParked(play, saga, JSON.stringify(unknown), notes);
      },
    },
    {
      rules: [11, 14],
      promise:
        'a command with another reply topic is answered with a failure on the participant’s reply topic, not on the other one',
      play: async (play, notes) => {
        const saga = await play.saga();
        const astray = saga.command(type, { replyto: 'orchestrator.replies.somebody-else' });
        const { topic, reply } = await saga.ask(astray);
        notes.did.push('sent a command with replyto orchestrator.replies.somebody-else');
        notes.saw.push(`${reply.outcome} on ${topic}`);
        notes.expect(reply.outcome === 'failure', `the outcome is ${reply.outcome}, not failure`);
        await expectParked(play, saga, JSON.stringify(astray), notes);
      },
    },
    ...[
      { what: 'that is not JSON', value: () => '{"specversion": "1.0", ' },
      { what: 'that is not UTF-8', value: () => Buffer.from('{"specversion":"1.0\xff"}', 'latin1') },
      { what: 'without a value', value: () => '' },
      { what: 'that is not a CloudEvent', value: () => JSON.stringify({ hello: uuidV7() }) },
      { what: `of ${TOO_LARGE} bytes`, value: (saga: PlayedSaga) => oversized(saga, type) },
    ].map(({ what, value }) => ({
      rules: [13],
      promise: `a message ${what} is dead-lettered, and the next one handled`,
      play: async (play: Play, notes: Notes) => {
        const saga = await play.saga();
        const poison = value(saga);
        await play.orchestrator.send([{ key: saga.id, value: poison }]);
        notes.did.push(`sent a message ${what}, then a command under the same key`);
        await saga.passed();
        await expectParked(play, saga, poison, notes);
      },
    })),
  ];
}

/** A command that is valid except for its size. */
function oversized(saga: PlayedSaga, type: string): string {
  const text = JSON.stringify({ ...saga.command(type), filling: '' });
  return text.replace('"filling":""', `"filling":"${'x'.repeat(TOO_LARGE - Buffer.byteLength(text))}"`);
}

/** Expects a dead letter with the message's key and value, and with the headers that operators need. */
export async function expectParked(play: Play, saga: PlayedSaga, value: string | Buffer, notes: Notes): Promise<void> {
  const deadLetter = await play.orchestrator.awaitDeadLetter(saga.id, value);
  if (deadLetter === undefined) {
    notes.wrong.push('it was not dead-lettered on saga.dead-letters with its key and value');
    return;
  }
  const { reason, detail, service, 'original-topic': topic } = deadLetter.headers;
  notes.saw.push(`dead-lettered for ${reason}`);
  notes.expect(reason !== undefined && reason !== '', 'the dead letter has no header reason');
  notes.expect(detail !== undefined && detail !== '', 'the dead letter has no header detail');
  notes.expect(service === play.contract.service, `its header service is ${service}, not ${play.contract.service}`);
  notes.expect(topic === play.contract.topic, `its header original-topic is ${topic}, not ${play.contract.topic}`);
  for (const header of ['original-partition', 'original-offset'])
    notes.expect(/^\d+$/.test(deadLetter.headers[header] ?? ''), `the dead letter has no header ${header}`);
}
