import type { Command } from '@palinode/saga/contract';
import { lowestIdAt } from '@palinode/saga/internal/contract';
import { v7 as uuidV7 } from 'uuid';
import type { Check, Notes, Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { outcomes } from './answers';
import { expectParked } from './poison';

const DAY_MS = 86_400_000;

interface Age {
  readonly what: string;
  readonly days: number;
}

const REMEMBERED: readonly Age[] = [
  { what: 'an id of six days ago', days: -6 },
  { what: 'an id of half a day ahead', days: 0.5 },
];
const NOT_REMEMBERED: readonly Age[] = [
  { what: 'an id of 400 days ago', days: -400 },
  { what: 'an id of two days ahead', days: 2 },
];

/** The requirements for the time in a command's id. */
export function remembersIds(type: string): readonly Check[] {
  return [
    ...REMEMBERED.map(({ what, days }) => ({
      rules: [15],
      promise: `a command with ${what} is handled, and a duplicate is answered by the same reply`,
      play: async (play: Play, notes: Notes) => {
        const saga = await play.saga();
        const command = aged(saga, type, days);
        const { reply } = await saga.ask(command);
        await saga.send(command);
        notes.did.push(`sent one with ${what}, twice`);
        await play.orchestrator.awaitReplies(command, 2);
        notes.saw.push(outcomes(play, command));
        notes.expect(reply.outcome === 'success', `the outcome is ${String(reply.outcome)}, not success`);
      },
    })),
    ...NOT_REMEMBERED.map(({ what, days }) => ({
      rules: [15],
      promise: `a command with ${what} is dead-lettered, and neither handled nor answered`,
      play: async (play: Play, notes: Notes) => {
        const saga = await play.saga();
        const command = aged(saga, type, days);
        await saga.send(command);
        notes.did.push(`sent one with ${what}, then a command under the same key`);
        await saga.passed();
        const replies = play.orchestrator.repliesTo(command);
        notes.expect(replies.length === 0, `it was answered: ${outcomes(play, command)}`);
        await expectParked(play, saga, JSON.stringify(command), notes);
      },
    })),
  ];
}

/** A compensation of an action that was never sent, with an id of another day. */
function aged(saga: PlayedSaga, type: string, days: number): Command {
  return saga.command(type, { id: idOfDaysAgo(-days), sagadirection: 'compensation', undoes: uuidV7() });
}

/** An id as created this long ago. */
export function idOfDaysAgo(days: number): string {
  return `${lowestIdAt(Date.now() - days * DAY_MS).slice(0, 13)}${uuidV7().slice(13)}`;
}
