import { timelineOf, type Entry } from './timeline';

const startedAt = '2026-11-21T08:00:00.000Z';
const entry = (seconds: number, event: Entry['event'], part: Partial<Entry> = {}): Entry => ({
  at: new Date(Date.parse(startedAt) + seconds * 1_000).toISOString(),
  event,
  sent: [],
  ...part,
});
const send = (command: string, attempt = 1, again = false): Entry['sent'][number] => ({ command, attempt, again });

it('formats a saga history line by line, with the end of the saga at its time', () => {
  const history = [
    entry(0, { kind: 'started' }, { sent: [send('inventory.reserve-stock'), send('payment.authorize')] }),
    entry(0.1, { kind: 'failed', step: 'payment', direction: 'action', objection: { reason: 'invalid-payload' } }),
    entry(0.3, { kind: 'time-passed' }, { sent: [send('payment.authorize', 2)] }),
    entry(5.3, { kind: 'time-passed' }, { sent: [send('payment.authorize', 2, true)] }),
    entry(5.4, {
      kind: 'fault-struck',
      effect: 'drop-reply',
      point: 'before-publish',
      command: 'payment.authorize',
      service: 'payment',
    }),
    entry(6, { kind: 'replied', step: 'payment', direction: 'compensation' }),
    entry(7, { kind: 'replied', step: 'stock', direction: 'action' }, { ignored: 'saga-ended' }),
  ];
  const endedAt = history[5]?.at ?? '';
  expect(timelineOf({ status: 'COMPENSATED', startedAt, endedAt, history })).toEqual([
    '   0.0 s  started → inventory.reserve-stock, payment.authorize',
    '   0.1 s  failed: payment (invalid-payload)',
    '   0.3 s  time passed → payment.authorize (attempt 2)',
    '   5.3 s  time passed → payment.authorize (again)',
    '   5.4 s  fault: drop-reply before publish, payment.authorize in payment',
    '   6.0 s  replied: payment compensated',
    '   6.0 s  ended COMPENSATED',
    '   7.0 s  replied: stock, which changes nothing (saga-ended)',
  ]);
});
