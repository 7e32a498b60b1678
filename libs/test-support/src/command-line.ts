import { Command, InvalidArgumentError } from '@commander-js/extra-typings';

const WRONG_USE = 2;

/**
 * A command of this repository, under the name by which people run it. `--help` prints its options. Invalid arguments
 * end the process with code 2 before anything starts; it prints the reason and the usage.
 */
export function commandLine(name: string, says: string): Command {
  return new Command(name)
    .description(says)
    .helpOption('--help', 'this')
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : WRONG_USE));
}

export function wholeNumber(least = 0) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
}

/** Any finite number, fractions included. */
export function numberFrom(least: number, most = Number.MAX_VALUE) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== '' && number >= least && number <= most) return number;
    throw new InvalidArgumentError(
      `It must be a number, ${least} or more${most < Number.MAX_VALUE ? `, ${most} at most` : ''}.`,
    );
  };
}

export function oneOf<T extends string>(...choices: readonly T[]) {
  return (text: string): T => {
    const choice = choices.find((each) => each === text);
    if (choice === undefined) throw new InvalidArgumentError(`There is no ${text}; there are ${choices.join(', ')}.`);
    return choice;
  };
}

/** Several, separated by commas. */
export function listOf<T>(one: (text: string) => T) {
  return (text: string): readonly T[] => text.split(',').map((each) => one(each));
}
