/*
 * The pairs that enough runs must cover: every event in every state, every fault in every phase; and the impossible pairs
 * with their reasons.
 */

const STATES = ['nothing', 'RUNNING', 'COMPENSATING', 'PAUSED', 'COMPLETED', 'COMPENSATED'];
const EVENTS = [
  'started',
  'replied',
  'refused',
  'failed',
  'broken',
  'unknown',
  'time-passed',
  'definition-found',
  'pause',
  'resume',
  'retry',
  'cancel',
  'resolve',
  'skip',
  'halted',
  'signalled',
  'undo',
  'released',
  'probed',
];

/** The phases in which a process can die, by kind of work. */
const PHASES: Readonly<Record<string, readonly string[]>> = {
  'orchestrator batch': ['begun', 'read', 'saved', 'published'],
  'orchestrator timers': ['begun', 'claimed', 'read', 'saved', 'published'],
  'orchestrator definitions': ['begun', 'read', 'saved', 'published'],
  'orchestrator operate': ['begun', 'read', 'saved', 'published'],
  'orchestrator holds': ['begun', 'listed', 'claimed', 'read', 'saved', 'published'],
  'orchestrator sweep': ['begun', 'locked', 'published'],
  'orchestrator tidy': ['begun', 'saved'],
  'participant batch': ['begun', 'decided', 'lost', 'rolled-back', 'committed', 'durable', 'published'],
  'participant operate': ['begun', 'committed', 'published'],
  'participant sweep': ['begun', 'published'],
};

const phasesOf = (...works: readonly string[]): string[] =>
  works.flatMap((work) => (PHASES[work] ?? []).map((phase) => `${work} ${phase}`));

/** A last phase exists before each commit and each publish. */
const COMMITS = [
  'batch after read',
  'timers after read',
  'definitions after read',
  'operate after read',
  'holds after read',
  'sweep after published',
  'batch after decided',
  'batch after rolled-back',
  'operate after begun',
  'operate after published',
  'tidy after begun',
];
const PUBLISHES = [
  'batch after saved',
  'timers after saved',
  'definitions after saved',
  'operate after saved',
  'holds after saved',
  'sweep after locked',
  'sweep after begun',
  'batch after durable',
  'operate after committed',
];

const KINDS = ['command', 'reply', 'start', 'acknowledgement'];

const PLACES: Readonly<Record<string, readonly string[]>> = {
  crash: phasesOf(...Object.keys(PHASES)),
  'database-crash': phasesOf('participant batch', 'participant operate', 'participant sweep'),
  rebalance: phasesOf('orchestrator batch', 'participant batch'),
  'commit-fails': COMMITS,
  'commit-unknown': COMMITS,
  'publish-fails': PUBLISHES,
  drop: KINDS,
  duplicate: KINDS,
  reorder: KINDS,
  'broker-loses-log': ['all'],
  forge: ['action', 'compensation'],
  impostor: ['action', 'compensation'],
  refuse: ['action', 'compensation'],
  fail: ['action', 'compensation'],
  signal: ['consent true', 'consent false'],
  leap: ['clock'],
  outlast: ['clock'],
  'fall-back': ['clock'],
  deploy: ['knows 0', 'knows 1', 'knows 2', 'knows 3'],
  pause: STATES.slice(1),
  resume: STATES.slice(1),
  retry: STATES.slice(1),
  cancel: STATES.slice(1),
  resolve: ['action success', 'action failure', 'compensation success', 'compensation failure'],
  skip: STATES.slice(1),
  hold: ['a service'],
  unhold: ['a service'],
  probe: ['RUNNING', 'COMPENSATING', 'PAUSED'],
};

/** The impossible pairs, with reasons. */
const IMPOSSIBLE: readonly (readonly [pair: RegExp, because: string])[] = [
  [/^nothing \+ (?!started|undo)/, 'a saga starts first; earlier messages are dead-lettered'],
  [/^(PAUSED|COMPLETED|COMPENSATED) \+ time-passed/, 'empty timer polls are not recorded in the history'],
  [/^(PAUSED|COMPLETED|COMPENSATED) \+ (released|probed)/, 'only held sagas are released, and paused ones are not'],
  [/^(?!PAUSED).* \+ definition-found/, 'a definition that no saga misses is not recorded in the history'],
  [/^refuse \/ compensation/, 'no contract lets a compensation be refused'],
  [/^(COMPLETED|COMPENSATED) \+ resolve/, 'an ended saga has no command to resolve'],
  [/^COMPLETED \+ refused/, 'a refusal makes the saga compensate'],
];

export interface Coverage {
  readonly missing: readonly string[];
  readonly impossible: readonly { readonly pair: string; readonly because: string }[];
  /** Impossible pairs that occurred: the list is wrong. */
  readonly surprising: readonly string[];
  readonly occurred: number;
}

/** Compares the covered pairs with the required ones. */
export function coverageOf(occurred: ReadonlyMap<string, number>): Coverage {
  const found = new Set([...occurred.keys()].map((pair) => pair.replace(/ \(.*\)$/, '')));
  const possible = PAIRS.filter((pair) => becauseOf(pair) === undefined);
  return {
    missing: possible.filter((pair) => !found.has(pair)),
    impossible: PAIRS.flatMap((pair) => {
      const because = becauseOf(pair);
      return because === undefined ? [] : [{ pair, because }];
    }),
    surprising: [...found].filter((pair) => !PAIRS.includes(pair) || becauseOf(pair) !== undefined),
    occurred: possible.filter((pair) => found.has(pair)).length,
  };
}

const PAIRS: readonly string[] = [
  ...STATES.flatMap((state) => EVENTS.map((event) => `${state} + ${event}`)),
  ...Object.entries(PLACES).flatMap(([fault, places]) => places.map((place) => `${fault} / ${place}`)),
];

function becauseOf(pair: string): string | undefined {
  return IMPOSSIBLE.find(([like]) => like.test(pair))?.[1];
}
