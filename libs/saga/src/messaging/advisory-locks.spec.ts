import { ADVISORY_LOCKS, ADVISORY_LOCK_SEEDS } from './advisory-locks';

describe('advisory locks', () => {
  it.each([ADVISORY_LOCKS, ADVISORY_LOCK_SEEDS])('have no number twice', (numbers) => {
    const all = Object.values(numbers);
    expect(new Set(all).size).toBe(all.length);
  });

  it('keep their numbers, so that instances of two releases exclude each other', () => {
    expect({ ...ADVISORY_LOCKS, ...ADVISORY_LOCK_SEEDS }).toEqual({
      migrations: 7_253_000,
      inboxPartitions: 7_253_001,
      faultHits: 7_253_002,
      faultRules: 7_253_003,
      reservations: 7_253_010,
      eventPublisher: 7_253_011,
      eventSubject: 7_253_012,
      operatorLog: 7_253_013,
      statistics: 7_253_014,
      command: 0,
      thirdPartyCalls: 20,
    });
  });
});
