import type { Command } from '@palinode/saga/contract';

/** What a handler writes down of its effect: saga, step, direction, command type and command id, as parameters of SQL. */
export function effectOf({ sagaid, sagastep, sagadirection, type, id }: Command): string[] {
  return [sagaid, sagastep, sagadirection, type, id];
}
