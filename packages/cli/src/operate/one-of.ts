import { CliError } from '../cli-error';

/**
 * The one whose id begins with this text.
 *
 * @throws CliError when there is none, or more than one
 */
export function oneOf<T extends { readonly id: string }>(all: readonly T[], text: string, thing: string): T {
  const [found, another] = all.filter(({ id }) => id.startsWith(text.toLowerCase()));
  if (found === undefined) throw new CliError(`No ${thing} has an id that begins with ${text}.`);
  if (another !== undefined) throw new CliError(`${text} is the beginning of more than one ${thing}; give more of it.`);
  return found;
}
