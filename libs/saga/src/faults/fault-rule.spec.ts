import type { FaultTarget } from '../messaging';
import { matches, type FaultRule } from './fault-rule';

const rule = (part: Partial<FaultRule> = {}): FaultRule => ({
  id: 'r',
  service: 'payment',
  point: 'after-commit',
  effect: { type: 'crash' },
  ...part,
});
const target: FaultTarget = {
  messageId: 'm',
  sagaId: 's',
  subject: 'o-1',
  command: 'payment.capture',
  direction: 'action',
  attempt: 2,
};
const meets = (part: Partial<FaultRule>, message = target): boolean =>
  matches(rule(part), 'payment', 'after-commit', message);

describe('a rule is meant for a message', () => {
  it.each<[string, Partial<FaultRule>, boolean]>([
    ['says nothing of it', {}, true],
    ['names all of it', { command: 'payment.capture', direction: 'action', subject: 'o-1', attempt: 2 }, true],
    ['names another command', { command: 'payment.void' }, false],
    ['names the other direction', { direction: 'compensation' }, false],
    ['names another business key', { subject: 'o-2' }, false],
    ['names another attempt', { attempt: 1 }, false],
    ['strikes in another service', { service: 'order' }, false],
    ['strikes at another point', { point: 'before-commit' }, false],
    ['has no chance', { probability: 0 }, false],
    ['has every chance', { probability: 1 }, true],
  ])('when it %s: %p → %p', (_what, part, expected) => {
    expect(meets(part)).toBe(expected);
  });
});

describe('the dice', () => {
  const struck = (seed: string): string[] =>
    Array.from({ length: 1_000 }, (_, n) => `o-${n}`).filter((subject) =>
      meets({ probability: 0.3, seed }, { ...target, subject }),
    );

  it('strike about the share that was asked for', () => {
    expect(struck('a').length).toBeGreaterThan(240);
    expect(struck('a').length).toBeLessThan(360);
  });

  it('strike the same business keys again with the same seed, others with another', () => {
    expect(struck('a')).toEqual(struck('a'));
    expect(struck('b')).not.toEqual(struck('a'));
  });
});
