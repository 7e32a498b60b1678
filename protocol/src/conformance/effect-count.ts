import type { Values } from './example-payload';

/** Asks a URL how many effects there are; `{field}` in it stands for a value of the saga. Throws for what is no count. */
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
  throw new Error(`${address} answers no count: ${JSON.stringify(answer).slice(0, 200)}`);
}
