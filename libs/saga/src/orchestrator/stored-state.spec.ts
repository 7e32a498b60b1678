import { transition, type StepStatus } from '../engine';
import { atCompensation } from '../../test/sample-progress';
import { placeOrder, releaseStock } from '../../test/sample-saga';
import { parseState, stringifyState } from './stored-state';

/** What the release before 0.2 stored of a saga whose payment was declined. */
const FORMER_TEXT =
  '{"id":"019b76da-a800-7000-8000-00005a6a7e57","definition":"place-order","version":1,"input":{"orderId":"o-1"},' +
  '"status":"COMPENSATING","stage":1,"commands":3,"steps":{"order":{"status":"DONE"},"stock":{"status":"UNDOING",' +
  '"actionId":"019b76da-a800-7001-8000-00005a6a7e57","exchange":{"direction":"compensation",' +
  '"commandId":"019b76da-a800-7003-8000-00005a6a7e57","attempt":1,"sends":1,"waitsFor":"reply","wakeAt":1767225605000},' +
  '"reply":{"reservationId":"r-1"}},"payment":{"status":"REFUSED","actionId":"019b76da-a800-7002-8000-00005a6a7e57",' +
  '"objection":{"reason":"card-declined"}},"capture":{"status":"SKIPPED"},"confirm":{"status":"SKIPPED"},' +
  '"commit":{"status":"SKIPPED"}},"startedAt":1767225600000,"deadlineAt":1767226500000,"wakeAt":1767225605000,' +
  '"cause":{"kind":"refusal","step":"payment","reason":"card-declined"}}';

describe('the stored state of a saga', () => {
  it('is read correctly when the former release wrote it', () => {
    expect(parseState(FORMER_TEXT)).toEqual(JSON.parse(JSON.stringify(atCompensation().state)));
  });

  it('finishes a compensation that the former release began', () => {
    const state = parseState(FORMER_TEXT);
    const { commandId } = state.steps['stock']!.exchange!;
    const answer = { commandId, step: 'stock', direction: 'compensation', from: releaseStock.service } as const;
    const next = transition(placeOrder, state, { kind: 'replied', ...answer, reply: undefined }, state.startedAt + 1);
    expect(next.state.steps).toMatchObject({ stock: { status: 'COMPENSATED' }, order: { status: 'COMPENSATING' } });
  });

  it('uses the names of the former release, which may read it during a deployment', () => {
    expect(stringifyState(atCompensation().state)).toBe(FORMER_TEXT);
  });

  it.each<[StepStatus, string]>([
    ['COMPENSATING', 'UNDOING'],
    ['COMPENSATED', 'UNDONE'],
    ['COMPENSATION_SKIPPED', 'LEFT'],
  ])('stores the step status %s as %s and is read with either name', (current, former) => {
    const { state } = atCompensation();
    const text = stringifyState({ ...state, steps: { stock: { status: current } } });
    expect(JSON.parse(text)).toMatchObject({ steps: { stock: { status: former } } });
    expect(parseState(text).steps).toEqual({ stock: { status: current } });
    expect(parseState(text.replace(`"${former}"`, `"${current}"`)).steps).toEqual({ stock: { status: current } });
  });

  it('does not rename the status of the saga', () => {
    const state = { ...atCompensation().state, status: 'COMPENSATED' as const };
    expect(JSON.parse(stringifyState(state))).toMatchObject({ status: 'COMPENSATED' });
    expect(parseState(stringifyState(state)).status).toBe('COMPENSATED');
  });
});
