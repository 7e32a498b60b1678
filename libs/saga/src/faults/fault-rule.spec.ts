import type { HookContext } from '../messaging';
import { matches, type FaultRule } from './fault-rule';

const rule = (part: Partial<FaultRule> = {}): FaultRule => ({
  id: 'r',
  service: 'payment',
  point: 'after-commit',
  effect: { type: 'crash' },
  ...part,
});
const target: HookContext = {
  messageId: 'm',
  sagaId: 's',
  subject: 'o-1',
  command: 'payment.capture',
  direction: 'action',
  attempt: 2,
};
const meets = (part: Partial<FaultRule>, message = target): boolean =>
  matches(rule(part), 'payment', 'after-commit', message);

describe('the match of a fault rule with a message', () => {
  it.each<[string, Partial<FaultRule>, boolean]>([
    ['has no conditions', {}, true],
    [
      'names all attributes of the message',
      { command: 'payment.capture', direction: 'action', subject: 'o-1', attempt: 2 },
      true,
    ],
    ['names another command', { command: 'payment.void' }, false],
    ['names the other direction', { direction: 'compensation' }, false],
    ['names another business key', { subject: 'o-2' }, false],
    ['names another attempt', { attempt: 1 }, false],
    ['applies to another service', { service: 'order' }, false],
    ['applies at another point', { point: 'before-commit' }, false],
    ['has probability 0', { probability: 0 }, false],
    ['has probability 1', { probability: 1 }, true],
  ])('is decided correctly when the rule %s: %p gives %p', (_what, part, expected) => {
    expect(meets(part)).toBe(expected);
  });
});

describe('the seeded random choice of a fault', () => {
  const struck = (seed: string): string[] =>
    Array.from({ length: 1_000 }, (_, n) => `o-${n}`).filter((subject) =>
      meets({ probability: 0.3, seed }, { ...target, subject }),
    );

  it('hits about the requested share', () => {
    expect(struck('a').length).toBeGreaterThan(240);
    expect(struck('a').length).toBeLessThan(360);
  });

  it('hits the same business keys again with the same seed, and others with another seed', () => {
    expect(struck('a')).toEqual(struck('a'));
    expect(struck('b')).not.toEqual(struck('a'));
  });
});
