import { ClockWatch } from './clock-watch';

const HOUR = 3_600_000;

describe('the clock watch', () => {
  let timeOfDay = 10 * HOUR;
  let elapsed = 5;
  const watch = new ClockWatch(
    () => timeOfDay,
    () => elapsed,
  );

  it('reports nothing while time passes', () => {
    timeOfDay += 1_000;
    elapsed += 1_000;
    expect(watch.setBackMs()).toBe(0);
  });

  it('reports nothing when the clock is set forward', () => {
    timeOfDay += HOUR;
    expect(watch.setBackMs()).toBe(0);
  });

  it('reports once that the clock was set back, whatever time it showed', () => {
    timeOfDay -= 2 * HOUR;
    expect(watch.setBackMs()).toBe(2 * HOUR);
    expect(watch.setBackMs()).toBe(0);
  });
});
