import { ConfigurationError } from './errors';

/** A duration with its unit: `200ms`, `5s`, `15m`, `2h`, `1d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

type Unit = 'ms' | 's' | 'm' | 'h' | 'd';

const UNITS: Readonly<Record<Unit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Formats a length in the largest unit that divides it. */
export function durationOf(lengthMs: number): Duration {
  const units = Object.entries(UNITS).toReversed() as [Unit, number][];
  const [unit, size] = units.find(([, each]) => lengthMs % each === 0) ?? ['ms', 1];
  return `${lengthMs / size}${unit}`;
}

/** Parses a duration. @throws ConfigurationError unless it is at least a millisecond. */
export function milliseconds(duration: Duration): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const length = Math.round(Number(amount) * (UNITS[unit as Unit] ?? Number.NaN));
  if (!Number.isSafeInteger(length) || length < 1)
    throw new ConfigurationError(`"${duration}" is not a duration; write a positive number and ms, s, m, h or d.`);
  return length;
}
