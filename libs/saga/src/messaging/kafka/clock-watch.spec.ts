import { ClockWatch } from './clock-watch';

const HOUR = 3_600_000;

describe('a watch on the clock', () => {
  let timeOfDay = 10 * HOUR;
  let elapsed = 5;
  const watch = new ClockWatch(
    () => timeOfDay,
    () => elapsed,
  );

  it('sees nothing while time goes by', () => {
    timeOfDay += 1_000;
    elapsed += 1_000;
    expect(watch.setBackMs()).toBe(0);
  });

  it('sees nothing when the clock is set ahead', () => {
    timeOfDay += HOUR;
    expect(watch.setBackMs()).toBe(0);
  });

  it('tells once that it was set back, from wherever it was', () => {
    timeOfDay -= 2 * HOUR;
    expect(watch.setBackMs()).toBe(2 * HOUR);
    expect(watch.setBackMs()).toBe(0);
  });
});
