import { secondsToWait } from './prefer-wait';

describe('the preference to wait', () => {
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
  ])('%p means %p', (prefer, seconds) => {
    expect(secondsToWait(prefer)).toBe(seconds);
  });
});
