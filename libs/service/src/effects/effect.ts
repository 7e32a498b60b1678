import type { Command } from '@palinode/saga/contract';

/** The SQL parameters of a handler's effect: saga, step, direction, command type and command id. */
export function effectOf({ sagaid, sagastep, sagadirection, type, id }: Command): string[] {
  return [sagaid, sagastep, sagadirection, type, id];
}
