import { lineEveryTwoSeconds } from './progress';

const progress = { saga: 'book-trip', phase: 'disturbances', states: 1_000, maxStates: 9_000, walks: 0 } as const;

it('an exploration reports its progress every two seconds, for the first time after two', () => {
  const lines: string[] = [];
  let now = 0;
  const applyEvent = lineEveryTwoSeconds(
    () => now,
    (line) => lines.push(line),
  );
  for (const at of [500, 1_999, 2_000, 2_500, 3_999, 4_100]) {
    now = at;
    applyEvent({ ...progress, states: at });
  }
  expect(lines).toEqual([
    'Exploring book-trip: 2000 of at most 9000 states, 2 s\n',
    'Exploring book-trip: 4100 of at most 9000 states, 4 s\n',
  ]);
});
