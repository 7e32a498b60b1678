/** The suites of jest.config.js, in the order in which they run. */
export interface Suite {
  readonly name: string;
  readonly says: string;
  /** Whether `npm test` runs it by default. */
  readonly usual: boolean;
  /** How many files run concurrently on two cores; more for suites that wait for servers, sessions and clocks. */
  readonly workers: number;
}

export const suites: readonly Suite[] = [
  { name: 'unit', says: 'pure code', usual: true, workers: 2 },
  { name: 'integration', says: 'library, shop and broker, with real servers', usual: true, workers: 2 },
  { name: 'shop', says: 'the whole shop on the embedded broker', usual: true, workers: 1 },
  { name: 'e2e', says: 'dead letters, subscribers, changes and scenarios of the whole shop', usual: false, workers: 3 },
  { name: 'console', says: 'the console in a real browser, on the running shop', usual: false, workers: 1 },
  { name: 'tools', says: 'the commands, servers and measuring programs of this repository', usual: false, workers: 3 },
  { name: 'proof', says: 'seeded bugs, simulator, availability, releases side by side', usual: false, workers: 3 },
  { name: 'kafka', says: 'Apache Kafka, and clients in other languages', usual: false, workers: 4 },
  { name: 'packages', says: 'the published packages in projects of their own', usual: false, workers: 2 },
  { name: 'chaos', says: 'the shop while its processes and servers are killed', usual: false, workers: 2 },
];

/** Splits arguments into suites and arguments of jest. Suites come first, by name; `all` and `rest` name several. */
export function chosen(args: readonly string[]): { suites: readonly Suite[]; flags: readonly string[] } {
  const known = ['all', 'rest', ...suites.map(({ name }) => name)];
  const end = args.findIndex((argument) => !known.includes(argument));
  const names = end < 0 ? args : args.slice(0, end);
  const flags = end < 0 ? [] : args.slice(end);
  if (names.length === 0) return { suites: suites.filter(({ usual }) => usual), flags };
  const isChosen = ({ name, usual }: Suite): boolean =>
    names.includes(name) || names.includes('all') || (names.includes('rest') && !usual);
  return { suites: suites.filter(isChosen), flags };
}
