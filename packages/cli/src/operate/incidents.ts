import { CliError } from '../cli-error';
import type { AdminApi } from './admin-api';
import type { IncidentView } from './views';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

interface IncidentList {
  readonly items: readonly IncidentView[];
  /** How many there are; more than `items` when there are more than letters. */
  readonly incidents: number;
  readonly sagas: number;
}

/** The incidents of paused sagas, in the order in which they have letters. */
export async function incidentsOf(api: AdminApi, status = 'PAUSED', since?: string): Promise<IncidentList> {
  return (await api.get<IncidentList>('incidents', { status, since, limit: LETTERS.length })).body;
}

export function letterOf(index: number): string {
  return LETTERS.charAt(index);
}

/** True for a letter that `palinode incidents` shows. */
export function isLetter(text: string): boolean {
  return /^[A-Z]$/.test(text);
}

/**
 * The incident with this letter now.
 *
 * @throws CliError when there are not so many
 */
export async function incidentWith(api: AdminApi, letter: string): Promise<IncidentView> {
  const { items } = await incidentsOf(api);
  const found = items[LETTERS.indexOf(letter)];
  if (found === undefined) {
    const last =
      items.length === 0 ? 'There is no incident now' : `The incidents are A to ${letterOf(items.length - 1)}`;
    throw new CliError(`There is no incident ${letter}. ${last}; see palinode incidents.`);
  }
  return found;
}
