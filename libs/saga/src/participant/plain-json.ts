const MAX_DEPTH = 64;

/** Why a value would change when it is written as JSON and read again; undefined when it would not. */
export function whyNotJson(value: unknown, path = 'it', depth = 0): string | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean')
    return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is a ${typeof value}`;
  if (depth === MAX_DEPTH) return `${path} is nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) return firstOf(value.entries(), (index) => `${path}[${index}]`, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null)
    return firstOf(Object.entries(value), (key) => `${path}.${key}`, depth);
  return `${path} is an instance of ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? 'a class'}`;
}

function firstOf<Key>(
  entries: Iterable<[Key, unknown]>,
  pathOf: (key: Key) => string,
  depth: number,
): string | undefined {
  for (const [key, value] of entries) {
    const problem =
      typeof key === 'number' && value === undefined
        ? `${pathOf(key)} is undefined`
        : whyNotJson(value, pathOf(key), depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
