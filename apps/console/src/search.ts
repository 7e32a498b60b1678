/** The search of a URL. Values are texts, also those that look like numbers; a repeated one is a list of texts. */
export type Search = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `?status=PAUSED&q=1e10` as it is written: the router's own parser would make a number of an id. */
export function parseSearch(text: string): Search {
  const params = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== '') params.append(name, String(each));
  return params.size === 0 ? '' : `?${params}`;
}
