/*
 * Sagas with a held step are grouped in SQL, by the rows of held_step: same definition, step and command. The id of such
 * an incident is a UUID of version 3 (RFC 9562, a digest by MD5); those of other incidents are of version 8.
 */

/** The step without the index of its branch. */
export const HELD_STEP_NAME = `regexp_replace(step, '\\[\\d+\\]$', '')`;

/** The id of the incident of a row of held_step. */
export const HELD_INCIDENT = `overlay(overlay(
  md5(concat_ws(E'\\n', 'HELD', definition, ${HELD_STEP_NAME}, command)) placing '3' from 13) placing '8' from 17)::uuid`;

export function isHeldIncident(id: string): boolean {
  return id[14] === '3';
}
