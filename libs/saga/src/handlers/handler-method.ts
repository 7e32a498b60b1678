/* What the compiler knows of a method that a decorator makes a handler. */

export type AnyMethod = (...args: never[]) => unknown;

/** Whether a method can be called with these arguments. */
export type Takes<H extends AnyMethod, Given extends unknown[]> = Given extends [...Parameters<H>, ...unknown[]]
  ? true
  : false;

/** How a message names the method. */
export type NameOf<Key> = Key extends string ? Key : 'The handler';
