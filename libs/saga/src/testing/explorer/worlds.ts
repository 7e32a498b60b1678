/** Keeps one frozen object for all worlds that are alike, so that they can be told apart by identity, and not be changed. */
export class Worlds {
  private readonly known = new Map<string, unknown>();

  keep(world: unknown): unknown {
    const text = JSON.stringify(world) ?? '';
    const kept = this.known.get(text);
    if (kept !== undefined) return kept;
    this.known.set(text, deepFreeze(world));
    return world;
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
