/** PostgreSQL has no text with a NUL, and no terminal should be steered by what it shows. */
export const noControlCharacters = [/^\P{Cc}*$/u, { message: '$property must not hold control characters' }] as const;
