/** Keeps one frozen object for all worlds that are alike, so that they can be told apart by identity, and not be changed. */
export class Worlds {
  private readonly known = new Map<string, unknown>();
  private readonly numbers = new Map<unknown, number>();

  keep(world: unknown): unknown {
    // What was kept before is as it was: it is frozen.
    if (this.numbers.has(world)) return world;
    const text = JSON.stringify(world) ?? '';
    const kept = this.known.get(text);
    if (kept !== undefined) return kept;
    this.known.set(text, deepFreeze(world));
    this.numbers.set(world, this.numbers.size);
    return world;
  }

  /** A number for a world that was kept. */
  numberOf(world: unknown): number {
    return this.numbers.get(world) ?? -1;
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
