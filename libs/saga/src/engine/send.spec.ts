import { instantOf, isUuidV7 } from '../contract';
import { atCompensation, atFirstStage, atPivot } from '../../test/sample-progress';
import {
  authorized,
  authorizePayment,
  capturePayment,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserved,
  reserveStock,
} from '../../test/sample-saga';
import type { SagaTest } from '../testing/saga-test';
import type { SendCommand } from './event';
import { transition } from './transition';

/** The commands of each event of the test's history, with payload. */
function sendsOf({ history }: SagaTest): readonly SendCommand[] {
  let state: Parameters<typeof transition>[1];
  return history.flatMap(({ event, at }) => {
    const turn = transition(placeOrder, state, event, at);
    state = turn.state;
    return turn.sends;
  });
}

describe('a new attempt', () => {
  const attempts = (): readonly string[] => {
    const saga = atFirstStage().fail(reserveStock, 'x').passTime('2s').fail(reserveStock, 'x').passTime('3s');
    return sendsOf(saga)
      .filter(({ step }) => step === 'stock')
      .map(({ commandId }) => commandId);
  };

  it('has its own command id', () => {
    expect(new Set(attempts()).size).toBe(3);
  });

  it('has an id that sorts after those of earlier attempts', () => {
    expect(attempts()).toEqual(attempts().toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('waits longer after each failure, between half and all of the backoff', () => {
    const first = atFirstStage().fail(reserveStock, 'x');
    const second = atFirstStage().fail(reserveStock, 'x').passTime('1s').fail(reserveStock, 'x');
    const waits = [first, second].map(({ state, now }) => (state.steps['stock']?.exchange?.wakeAt ?? 0) - now);
    expect(waits.map((wait) => Math.ceil(wait / 1_000))).toEqual([1, 2]);
  });
});

describe('a resend', () => {
  const twice = (saga: SagaTest, step: string): readonly SendCommand[] =>
    sendsOf(saga.passTime('5s'))
      .filter((sent) => sent.step === step)
      .slice(-2);

  it.each([
    ['an action', atPivot, 'capture'],
    ['a compensation', atCompensation, 'stock'],
  ])('keeps the id of %s', (_name, begin, step) => {
    const [first, again] = twice(begin(), step);
    expect(again?.commandId).toBe(first?.commandId);
  });

  it.each([
    ['an action', atPivot, 'capture'],
    ['a compensation', atCompensation, 'stock'],
  ])('keeps the payload of %s byte for byte', (_name, begin, step) => {
    const [first, again] = twice(begin(), step);
    expect(JSON.stringify(again?.payload)).toBe(JSON.stringify(first?.payload));
  });

  it('is marked as a resend', () => {
    expect(twice(atPivot(), 'capture').map(({ again }) => again)).toEqual([false, true]);
  });
});

describe('a compensation', () => {
  it('undoes the last command of its action', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized).fail(reserveStock, 'x').passTime('2s');
    const { commandId } = saga.awaited(reserveStock);
    expect(saga.silence(reserveStock).awaited(releaseStock).undoes).toBe(commandId);
  });

  it('undoes the same command in every attempt', () => {
    const saga = atCompensation();
    const { undoes } = saga.awaited(releaseStock);
    expect(saga.fail(releaseStock, 'x').passTime('2s').awaited(releaseStock).undoes).toBe(undoes);
  });

  it('undoes no command when its step has no action', () => {
    const saga = atCompensation().reply(releaseStock);
    expect(saga.awaited(rejectOrder).undoes).toBeUndefined();
  });
});

describe('the command ids of a saga', () => {
  const ids = (): readonly string[] => {
    const saga = atFirstStage().reply(reserveStock, reserved).fail(authorizePayment, 'x').passTime('2s');
    saga.reply(authorizePayment, authorized).fail(capturePayment, 'x').passTime('2s').refuse(capturePayment, 'expired');
    return sendsOf(saga)
      .filter(({ again }) => !again)
      .map(({ commandId }) => commandId);
  };

  it('are unique', () => {
    expect([ids().length, new Set(ids()).size]).toEqual([7, 7]);
  });

  it('are UUIDv7', () => {
    expect(ids().filter((id) => !isUuidV7(id))).toEqual([]);
  });

  it('carry the time of their creation', () => {
    const saga = atPivot();
    expect(instantOf(saga.awaited(capturePayment).commandId)).toBe(saga.now);
  });
});
