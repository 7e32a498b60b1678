import { durationOf } from '../contract';

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A length for people, in whole seconds or more. */
export function lengthOf(ms: number): string {
  return durationOf(Math.max(1, Math.round(ms / 1_000)) * 1_000);
}
