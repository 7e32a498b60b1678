import { CliError } from '../cli-error';
import type { AdminApi } from './admin-api';
import { LEAST_CHARACTERS } from './one-of';
import type { SagaSummary } from './views';

const SHOWN = 5;

/**
 * Finds the saga whose id or business key, or the id of one of whose commands, is this text or begins with it.
 *
 * @throws CliError when there is none, or more than one
 */
export async function findSaga(api: AdminApi, text: string): Promise<SagaSummary> {
  const same = await api.list<SagaSummary>('sagas', { subject: text }, SHOWN + 1);
  if (same.length === 0 && text.length < LEAST_CHARACTERS)
    throw new CliError(
      `No saga has the business key ${text}; of a longer key or an id give ${LEAST_CHARACTERS} characters or more.`,
    );
  const found = same.length > 0 ? same : await api.list<SagaSummary>('sagas', { q: text }, SHOWN + 1);
  const [first, another] = found;
  const only = found.find(({ id }) => id === text.toLowerCase()) ?? (another === undefined ? first : undefined);
  if (only !== undefined) return only;
  if (first === undefined)
    throw new CliError(`No saga has an id, a business key or a command id that begins with ${text}.`);
  const some = found.slice(0, SHOWN).map(({ id, definition, subject = '' }) => `  ${id}  ${definition}  ${subject}`);
  const more = found.length > SHOWN ? '\n  …' : '';
  throw new CliError(`${text} names several sagas; give the id of one:\n${some.join('\n')}${more}`);
}
