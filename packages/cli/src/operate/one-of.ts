import { CliError } from '../cli-error';

/** Of the beginning of an id or a business key: with fewer characters, a slip would name the only one that there is. */
export const LEAST_CHARACTERS = 4;

/**
 * The one whose id begins with this text, which has {@link LEAST_CHARACTERS} or more. `list` is the command that shows
 * all.
 *
 * @throws CliError when there is none, or more than one
 */
export function oneOf<T extends { readonly id: string }>(
  all: readonly T[],
  text: string,
  { thing, list }: { readonly thing: string; readonly list: string },
): T {
  if (text.length < LEAST_CHARACTERS)
    throw new CliError(`Give the first four characters of the ${thing}'s id, or more; see ${list}.`);
  const [found, another] = all.filter(({ id }) => id.startsWith(text.toLowerCase()));
  if (found === undefined) throw new CliError(`No ${thing} has an id that begins with ${text}; see ${list}.`);
  if (another !== undefined)
    throw new CliError(`${text} is the beginning of more than one ${thing}; give more of it, see ${list}.`);
  return found;
}
