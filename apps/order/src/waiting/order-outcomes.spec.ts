import { secondsToWait } from './order-outcomes';

describe('the parser of the Prefer header', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['Wait = "3"; foo', 3],
    ['wait=600', 30],
    ['wait=0', undefined],
    ['wait=-1', undefined],
    ['wait=soon', undefined],
    ['handling=lenient', undefined],
    [undefined, undefined],
  ])('reads the wait of %p in seconds as %p', (prefer, seconds) => {
    expect(secondsToWait(prefer)).toBe(seconds);
  });
});
