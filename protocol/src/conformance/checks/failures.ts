import type { Check } from '../check';
import type { Values } from '../example-payload';
import { wrongIn } from '../reply-attributes';
import { expectEffects, ready, sameReplies } from './answers';
import { expectParked } from './poison';

/** The requirements for a handler that fails, as it does for these values. */
export function parksLastAttempts(type: string, failing: Values): Check {
  return {
    rules: [5, 6],
    promise: `${type}: a failed last attempt is answered with a failure, also the second time, and is dead-lettered`,
    play: async (play, notes) => {
      const { saga, command } = await ready(play, type, notes);
      const effects = await play.effects(saga.values);
      const last = { ...command, sagalastattempt: true, data: { ...(command.data as object), ...failing } };
      const received = await saga.ask(last);
      notes.did.push(`sent it with sagalastattempt and ${JSON.stringify(failing)}`);
      const { outcome } = received.reply;
      notes.expect(
        outcome === 'failure',
        `the outcome is ${String(outcome)}, not failure: give other values in --failing`,
      );
      notes.wrong.push(...wrongIn(last, received, play.contract));
      await saga.send(last);
      await sameReplies(play, last, 2, notes);
      await expectEffects(play, saga, effects, notes);
      await expectParked(play, saga, JSON.stringify(last), notes);
    },
  };
}
