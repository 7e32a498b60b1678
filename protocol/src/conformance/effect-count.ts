import type { Values } from './example-payload';

/**
 * Requests the number of effects from a URL; `{field}` in it is replaced by a value of the saga. Throws when the
 * response is not a count.
 */
export function countAt(url: string): (values: Values) => Promise<number> {
  return async (values) => {
    const address = url.replaceAll(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(String(values[field])));
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
    return countIn(await response.json(), address);
  };
}

function countIn(answer: unknown, address: string): number {
  const { count, items } = (answer ?? {}) as { count?: unknown; items?: unknown };
  const found = count ?? items ?? answer;
  if (Array.isArray(found)) return found.length;
  if (typeof found === 'number') return found;
  throw new Error(`${address} did not answer with a count: ${JSON.stringify(answer).slice(0, 200)}`);
}
