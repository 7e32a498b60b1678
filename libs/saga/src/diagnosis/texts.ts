import { durationOf } from '../contract';

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A day, an hour and a minute. */
const UNITS_MS = [86_400_000, 3_600_000, 60_000] as const;

/** A length for people, in whole seconds; from two minutes, hours or days on, in whole minutes, hours or days. */
export function lengthOf(ms: number): string {
  const unit = UNITS_MS.find((each) => ms >= 2 * each) ?? 1_000;
  return durationOf(Math.max(1, Math.round(ms / unit)) * unit);
}
