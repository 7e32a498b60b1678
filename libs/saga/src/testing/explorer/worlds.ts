/** Stores one frozen object for all equal worlds, so that they are compared by identity and cannot be changed. */
export class Worlds {
  private readonly known = new Map<string, unknown>();
  private readonly numbers = new Map<unknown, number>();

  keep(world: unknown): unknown {
    // Stored worlds are frozen, so they are returned unchanged.
    if (this.numbers.has(world)) return world;
    const text = JSON.stringify(world) ?? '';
    const kept = this.known.get(text);
    if (kept !== undefined) return kept;
    this.known.set(text, deepFreeze(world));
    this.numbers.set(world, this.numbers.size);
    return world;
  }

  /** Returns the number of a stored world. */
  numberOf(world: unknown): number {
    return this.numbers.get(world) ?? -1;
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
