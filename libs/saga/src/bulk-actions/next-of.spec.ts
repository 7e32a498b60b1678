import type { Progress } from './bulk-action';
import { nextOf } from './bulk-action-runner';

type State = Parameters<typeof nextOf>[0];

const state = (changes: Partial<State> = {}): State => ({
  id: '019b76da-a800-7000-8000-00000000beef',
  where: undefined,
  by: 'ada',
  reason: 'INC-7',
  requestId: undefined,
  createdAt: 0,
  status: 'running',
  canary: undefined,
  canaryPassed: false,
  why: undefined,
  total: 10,
  rate: 20,
  stopOnFailure: false,
  failuresAccepted: 0,
  endedAt: undefined,
  ...changes,
});

const progress = (items: Partial<Progress['items']>, outcomes: Partial<Progress['outcomes']> = {}): Progress => ({
  items: { pending: 0, done: 0, skipped: 0, failed: 0, ...items },
  outcomes: { pending: 0, 'as-meant': 0, otherwise: 0, ...outcomes },
});

describe('what a bulk action does next', () => {
  it('acts on items until none is left', () => {
    expect(nextOf(state(), progress({ pending: 3, done: 7 }))).toBe('act');
    expect(nextOf(state(), progress({ done: 9, skipped: 1 }))).toEqual({ status: 'completed' });
  });

  it('waits after its canaries, which are items that the action took effect on', () => {
    const canary = state({ canary: 2 });
    expect(nextOf(canary, progress({ pending: 9, done: 1, skipped: 5 }))).toBe('act');
    expect(nextOf(canary, progress({ pending: 8, done: 2 }))).toMatchObject({ status: 'waiting' });
    expect(nextOf(state({ canary: 2, canaryPassed: true }), progress({ pending: 8, done: 2 }))).toBe('act');
    expect(nextOf(canary, progress({ pending: 8, failed: 1 }))).toMatchObject({ status: 'paused' });
  });

  it('goes on when all canaries have ended as meant, and waits while one is under way', () => {
    const waiting = state({ status: 'waiting', canary: 2 });
    expect(nextOf(waiting, progress({ pending: 8, done: 2 }, { 'as-meant': 1, pending: 1 }))).toBe('wait');
    expect(nextOf(waiting, progress({ pending: 8, done: 2 }, { 'as-meant': 2 }))).toEqual({ status: 'running' });
  });

  it('pauses when a canary came to another end, even while others are under way', () => {
    const waiting = state({ status: 'waiting', canary: 2 });
    const next = nextOf(waiting, progress({ pending: 8, done: 2 }, { otherwise: 1, pending: 1 }));
    expect(next).toMatchObject({ status: 'paused', why: expect.stringContaining('1 of its first 2 items') as string });
  });

  it('needs no canary when all items are done by then', () => {
    expect(nextOf(state({ canary: 5 }), progress({ done: 3, skipped: 7 }))).toEqual({ status: 'completed' });
  });

  it('pauses on a failure only when asked to, and not for those that an operator has accepted', () => {
    const failed = progress({ pending: 5, done: 4, failed: 1 }, { otherwise: 2 });
    expect(nextOf(state(), failed)).toBe('act');
    expect(nextOf(state({ stopOnFailure: true }), failed)).toMatchObject({ status: 'paused' });
    expect(nextOf(state({ stopOnFailure: true, failuresAccepted: 3 }), failed)).toBe('act');
  });
});
