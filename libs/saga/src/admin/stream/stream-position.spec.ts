import { parsePosition, positionOf, textOf } from './stream-position';

describe('a position in the stream', () => {
  it.each([
    ['with transactions that were running', '748:760:748,755', { next: 760n, running: [748n, 755n] }],
    ['without any', '760:760:', { next: 760n, running: [] }],
    ['beyond 32 bits', '18446744073:18446744074:18446744073', { next: 18446744074n, running: [18446744073n] }],
  ])('%s is the same after it was sent as the id of an event', (_, snapshot, expected) => {
    const position = positionOf(1_764_512_345_678.9, snapshot);
    expect(position).toEqual({ at: 1_764_512_345_678, ...expected });
    expect(parsePosition(textOf(position))).toEqual(position);
  });

  it.each(['', '17', 'null', '1/1:2', '1/1:2:3,', '1/1:2:-3', `1/1:2:${'9,'.repeat(10_000)}9`])(
    'is none for another id: %.20s',
    (text) => {
      expect(parsePosition(text)).toBeUndefined();
    },
  );
});
