/** A suite of jest.config.js. */
export interface Suite {
  readonly name: string;
  readonly says: string;
}

/** Suites that run in one go, so that none of them waits for the last file of another. */
export interface SuiteGroup {
  /** Whether `npm test` runs it by default. */
  readonly usual: boolean;
  /** How many files run concurrently on two cores; more where they wait for servers, sessions and clocks. */
  readonly workers: number;
  readonly suites: readonly Suite[];
}

/** In the order in which they run. */
export const groups: readonly SuiteGroup[] = [
  {
    usual: true,
    workers: 3,
    suites: [
      { name: 'unit', says: 'pure code' },
      { name: 'integration', says: 'library, shop and broker, with real servers' },
      { name: 'shop', says: 'the whole shop on the embedded broker' },
    ],
  },
  {
    usual: false,
    workers: 3,
    suites: [
      { name: 'operator', says: 'the operator’s API and command line, with real servers' },
      { name: 'e2e', says: 'incidents, changes, subscribers and scenarios of the whole shop, also in the console' },
      { name: 'tools', says: 'the commands, servers and measuring programs of this repository' },
      { name: 'proof', says: 'explorations, seeded bugs, simulator, availability, releases side by side' },
      { name: 'kafka', says: 'Apache Kafka, and clients in other languages' },
    ],
  },
  {
    usual: false,
    workers: 1,
    suites: [{ name: 'console', says: 'the console in a real browser, on the running shop' }],
  },
  {
    usual: false,
    workers: 2,
    suites: [{ name: 'packages', says: 'the published packages in projects of their own' }],
  },
  {
    usual: false,
    workers: 2,
    suites: [{ name: 'chaos', says: 'the shop while its processes and servers are killed' }],
  },
];

export const suites: readonly Suite[] = groups.flatMap((group) => group.suites);

/** Splits arguments into suites and arguments of jest. Suites come first, by name; `all` and `rest` name several. */
export function chosen(args: readonly string[]): {
  groups: readonly SuiteGroup[];
  flags: readonly string[];
} {
  const known = ['all', 'rest', ...suites.map(({ name }) => name)];
  const end = args.findIndex((argument) => !known.includes(argument));
  const names = end < 0 ? args : args.slice(0, end);
  const flags = end < 0 ? [] : args.slice(end);
  if (names.length === 0) return { groups: groups.filter(({ usual }) => usual), flags };
  const isChosen = ({ name }: Suite, { usual }: SuiteGroup): boolean =>
    names.includes(name) || names.includes('all') || (names.includes('rest') && !usual);
  return { groups: only(isChosen), flags };
}

/** This suite alone. */
export const suiteNamed = (wanted: string): readonly SuiteGroup[] => only(({ name }) => name === wanted);

function only(isChosen: (suite: Suite, group: SuiteGroup) => boolean): readonly SuiteGroup[] {
  return groups
    .map((group) => ({ ...group, suites: group.suites.filter((suite) => isChosen(suite, group)) }))
    .filter((group) => group.suites.length > 0);
}
