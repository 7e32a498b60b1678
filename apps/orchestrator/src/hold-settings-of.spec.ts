import { readEnvironment } from '@palinode/service';
import { holdSettingsOf } from './hold-settings-of';
import { OrchestratorEnvironment } from './orchestrator-environment';

const complete = { DATABASE_URL: 'postgres://127.0.0.1/orchestrator', KAFKA_BROKERS: '127.0.0.1:9092' };

const settings = (variables: Record<string, string> = {}): ReturnType<typeof holdSettingsOf> =>
  holdSettingsOf(readEnvironment(OrchestratorEnvironment, { ...complete, ...variables }));

describe('the hold settings of the environment', () => {
  it('uses the hold settings of the library by default', () => {
    const failures = { share: 0.5, within: '10000ms', atLeast: 20 };
    expect(settings()).toEqual({ silence: '10000ms', failures });
  });

  it('leaves holds to operators when AUTOMATIC_HOLDS is off', () => {
    expect(settings({ AUTOMATIC_HOLDS: 'off' })).toBe('never');
  });

  it('reads the hold settings from the environment', () => {
    const variables = {
      HOLD_AFTER_SILENCE_MS: '30000',
      HOLD_AFTER_FAILURES_SHARE: '0.8',
      HOLD_AFTER_FAILURES_WITHIN_MS: '60000',
      HOLD_AFTER_FAILURES: '5',
    };
    const failures = { share: 0.8, within: '60000ms', atLeast: 5 };
    expect(settings(variables)).toEqual({ silence: '30000ms', failures });
  });

  it.each([
    ['AUTOMATIC_HOLDS', 'yes'],
    ['HOLD_AFTER_SILENCE_MS', '0'],
    ['HOLD_AFTER_FAILURES_SHARE', '0'],
    ['HOLD_AFTER_FAILURES_SHARE', '2'],
    ['HOLD_AFTER_FAILURES', '1.5'],
    ['HOLD_AFTER_FAILURES_WITHIN_MS', 'long'],
  ])('rejects %s=%s, and names the variable', (name, value) => {
    expect(() => settings({ [name]: value })).toThrow(name);
  });
});
