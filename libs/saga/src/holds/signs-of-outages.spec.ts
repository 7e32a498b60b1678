import { HOLD_RULE } from './hold-settings';
import { ParticipantHealth, type SharedHealth } from './participant-health';

const TYPE = 'payment.authorize.v1';
const shared = (changes: Partial<SharedHealth>): SharedHealth => ({
  type: TYPE,
  answeredAt: 0,
  succeededAt: 0,
  caughtUpTo: 0,
  successes: 0,
  failures: 0,
  ...changes,
});

let health: ParticipantHealth;
beforeEach(() => (health = new ParticipantHealth(10_000)));

const isSilent = (since: number, now: number, isLast = false): boolean =>
  health.isSilent(TYPE, since, now, isLast, HOLD_RULE);

describe('the silence of a participant', () => {
  it('shows an outage once no command was answered for the time in the rule', () => {
    expect([isSilent(1_000, 10_900), isSilent(1_000, 11_000)]).toEqual([false, true]);
    health.succeeded(TYPE, 500, 2_000);
    expect(isSilent(1_000, 11_000)).toBe(false);
  });

  it('shows an outage at the last send, although other commands are answered, if all of those were sent earlier', () => {
    health.succeeded(TYPE, 900, 20_000);
    expect([isSilent(1_000, 26_000), isSilent(1_000, 26_000, true)]).toEqual([false, true]);
  });

  it('shows no outage at the last send when a command that was sent later was answered', () => {
    health.failed(TYPE, { sagaId: 's', reason: 'r' }, 1_100, 20_000);
    health.succeeded(TYPE, undefined, 21_000);
    expect(isSilent(1_000, 26_000, true)).toBe(false);
  });

  it('takes the replies to other instances into account', () => {
    health.setOthers([shared({ answeredAt: 20_000, caughtUpTo: 1_500 })]);
    expect([isSilent(1_000, 26_000), isSilent(1_000, 26_000, true), isSilent(2_000, 27_000, true)]).toEqual([
      false,
      false,
      true,
    ]);
    health.succeeded(TYPE, 3_000, 21_000);
    expect(health.share()).toEqual([
      shared({ answeredAt: 21_000, succeededAt: 21_000, caughtUpTo: 3_000, successes: 1 }),
    ]);
  });
});

describe('the failures of a participant', () => {
  const fails = (sagaId: string, now: number, isLast = true): boolean => {
    health.failed(TYPE, { sagaId, reason: 'r' }, now - 100, now);
    return health.isFailing(TYPE, { sagaId, reason: 'r' }, now, isLast, ['capture'], HOLD_RULE);
  };

  it('show an outage at the last attempt when no command has succeeded since the previous attempt, and another saga fails with the same reason', () => {
    health.succeeded(TYPE, 500, 900);
    fails('a', 1_000, false);
    expect([fails('a', 2_000), fails('b', 2_100), fails('a', 3_000)]).toEqual([false, false, true]);
  });

  it('show an outage when another of its commands fails with the same reason, and none of them succeeds', () => {
    fails('a', 1_000, false);
    health.failed('capture', { sagaId: 'b', reason: 'r' }, 900, 1_500);
    expect(fails('a', 2_000)).toBe(true);
    health.succeeded('capture', 2_100, 2_200);
    expect(fails('a', 3_000)).toBe(false);
  });

  it('show no outage when a command has succeeded in the meantime', () => {
    fails('a', 1_000, false);
    fails('b', 1_500, false);
    health.succeeded(TYPE, 1_400, 1_600);
    expect(fails('a', 2_000)).toBe(false);
  });
});

it('counts how many commands of a type succeed per second, at all instances', () => {
  for (let n = 0; n < 5; n += 1) health.succeeded(TYPE, undefined, 10_000 + n);
  health.succeeded('another.v1', undefined, 10_005);
  health.setOthers([shared({ successes: 30 })]);
  expect(health.successesPerSecond(TYPE)).toBe(8);
});
