import { HOLD_RULE } from './hold-settings';
import { ParticipantHealth } from './participant-health';

const TYPE = 'payment.authorize.v1';
const NOW = 1_000_000;
const failure = { sagaId: 'b', reason: 'away' };

let health: ParticipantHealth;

beforeEach(() => {
  health = new ParticipantHealth(HOLD_RULE.failures.withinMs);
});

function answered(count: number, how: 'succeeded' | 'failed', at = NOW): void {
  for (let n = 0; n < count; n += 1) {
    if (how === 'failed') health.failed(TYPE, { sagaId: `saga ${n}`, reason: 'away' }, at, at);
    else health.succeeded(TYPE, at, at);
  }
}

describe('the silence of a participant', () => {
  const isSilent = (since: number, isLast = false): boolean => health.isSilent(TYPE, since, NOW, isLast, HOLD_RULE);

  it('shows an outage when no command was answered for the time in the rule', () => {
    expect(isSilent(NOW - 9_999)).toBe(false);
    expect(isSilent(NOW - 10_000)).toBe(true);
  });

  it('shows an outage earlier when a saga would give up', () => {
    expect(isSilent(NOW - 1, true)).toBe(true);
  });

  it.each(['succeeded', 'failed'] as const)('shows no outage when the command of another saga has %s since', (how) => {
    answered(1, how, NOW - 10_000);
    expect(isSilent(NOW - 10_000, true)).toBe(false);
    expect(isSilent(NOW - 9_999, true)).toBe(true);
  });

  it('shows no outage when a reply broke the contract', () => {
    health.answered(TYPE, undefined, NOW);
    expect(isSilent(NOW - 20_000)).toBe(false);
  });

  it('shows no outage when another instance has reported a reply', () => {
    health.setOthers([
      { type: TYPE, answeredAt: NOW - 5_000, succeededAt: 0, caughtUpTo: 0, successes: 0, failures: 0 },
    ]);
    expect(isSilent(NOW - 10_000)).toBe(false);
  });
});

describe('the failure of a command', () => {
  const isFailing = (isLast = false): boolean => health.isFailing(TYPE, failure, NOW, isLast, [], HOLD_RULE);

  it('shows an outage when half of the replies were failures, and at least 20', () => {
    answered(19, 'failed');
    expect(isFailing()).toBe(false);
    answered(1, 'failed');
    answered(20, 'succeeded');
    expect(isFailing()).toBe(true);
    answered(1, 'succeeded');
    expect(isFailing()).toBe(false);
  });

  it('shows no outage when the other failures are before the time window', () => {
    answered(30, 'failed', NOW - 10_000);
    expect(isFailing(true)).toBe(false);
  });

  it('shows an outage when a saga would give up, another one fails for the same reason, and none succeeds', () => {
    health.failed(TYPE, { sagaId: failure.sagaId, reason: failure.reason }, NOW, NOW);
    health.failed(TYPE, { sagaId: 'c', reason: 'another reason' }, NOW, NOW);
    expect(isFailing(true)).toBe(false);
    health.failed(TYPE, { sagaId: 'c', reason: failure.reason }, NOW, NOW);
    expect(isFailing(true)).toBe(true);
    expect(isFailing()).toBe(false);
    answered(1, 'succeeded');
    expect(isFailing(true)).toBe(false);
  });

  it('takes into account what other instances have reported', () => {
    answered(10, 'failed');
    health.setOthers([{ type: TYPE, answeredAt: NOW, succeededAt: 0, caughtUpTo: 0, successes: 5, failures: 10 }]);
    expect(isFailing()).toBe(true);
  });

  it('shows no outage once the participant is back', () => {
    answered(20, 'failed');
    health.forgetFailures(TYPE);
    expect(isFailing()).toBe(false);
  });
});

describe('the health that an instance shares', () => {
  it('contains what it has not shared yet', () => {
    answered(2, 'failed');
    answered(3, 'succeeded');
    expect(health.share()).toEqual([
      { type: TYPE, answeredAt: NOW, succeededAt: NOW, caughtUpTo: NOW, successes: 3, failures: 2 },
    ]);
    expect(health.share()).toEqual([]);
  });

  it('has a bounded size, however many replies arrive', () => {
    answered(10_000, 'succeeded');
    expect(health.successesPerSecond(TYPE)).toBeLessThanOrEqual(512);
  });
});
