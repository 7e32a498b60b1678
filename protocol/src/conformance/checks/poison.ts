import { v7 as uuidV7 } from 'uuid';
import type { Check, Notes, Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { sameReplies } from './answers';

const TOO_LARGE = 256 * 1024 + 1;

/** What holds for messages that no participant can take. */
export function survivesPoison(service: string, type: string): readonly Check[] {
  return [
    {
      rules: [5, 14],
      promise: 'a command of unknown type fails, stays failed, and is parked',
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
      promise: 'a command with another reply topic is not answered there, and fails on the own one',
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
      { what: 'that is no JSON', value: () => '{"specversion": "1.0", ' },
      { what: 'that is no UTF-8', value: () => Buffer.from('{"specversion":"1.0\xff"}', 'latin1') },
      { what: 'without value', value: () => '' },
      { what: 'that is no CloudEvent', value: () => JSON.stringify({ hello: uuidV7() }) },
      { what: `of ${TOO_LARGE} bytes`, value: (saga: PlayedSaga) => oversized(saga, type) },
    ].map(({ what, value }) => ({
      rules: [13],
      promise: `a message ${what} is parked, and the next one handled`,
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

/** A command that would be right, were it not so long. */
function oversized(saga: PlayedSaga, type: string): string {
  const text = JSON.stringify({ ...saga.command(type), filling: '' });
  return text.replace('"filling":""', `"filling":"${'x'.repeat(TOO_LARGE - Buffer.byteLength(text))}"`);
}

/** Expects that the message was parked with its key and value, and with what people need to know. */
export async function expectParked(play: Play, saga: PlayedSaga, value: string | Buffer, notes: Notes): Promise<void> {
  const parked = await play.orchestrator.awaitParked(saga.id, value);
  if (parked === undefined) {
    notes.wrong.push('it was not parked on saga.dead-letters with its key and value');
    return;
  }
  const { reason, detail, service, 'original-topic': topic } = parked.headers;
  notes.saw.push(`parked for ${reason}`);
  notes.expect(reason !== undefined && reason !== '', 'the dead letter has no header reason');
  notes.expect(detail !== undefined && detail !== '', 'the dead letter has no header detail');
  notes.expect(service === play.contract.service, `its header service is ${service}, not ${play.contract.service}`);
  notes.expect(topic === play.contract.topic, `its header original-topic is ${topic}, not ${play.contract.topic}`);
  for (const header of ['original-partition', 'original-offset'])
    notes.expect(/^\d+$/.test(parked.headers[header] ?? ''), `the dead letter has no header ${header}`);
}
