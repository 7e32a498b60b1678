/* What is measured at every number of open sagas: the orchestrator's own code, prepared for and timed alone. */
import type { Populated } from './populated';

export interface Measure {
  readonly name: string;
  /** How often it is repeated in each database. */
  readonly times: number;
  /** Prepares one run and returns it, to be timed. */
  readonly prepare: (populated: Populated) => Promise<() => Promise<unknown>>;
}

const DUE = 100;
const PAGE = 51;

const advance = (sagas: number, times: number): Measure => ({
  name: sagas === 1 ? 'advance one saga' : `advance a batch of ${sagas}`,
  times,
  prepare: async (populated) => {
    const turns = populated.fresh(sagas).map((n) => populated.answerTo(n));
    return () => populated.runner.advance(turns);
  },
});

const claim: Measure = {
  name: `find and claim ${DUE} due timers`,
  times: 60,
  prepare: async (populated) => {
    const ids = populated.pick(DUE).map((n) => populated.sagas.idOf(n));
    await populated.sql(
      `UPDATE saga_timer SET fire_at = clock_timestamp() + interval '12 h' WHERE fire_at < clock_timestamp() + interval '1 min'`,
    );
    await populated.sql(
      `UPDATE saga_timer SET fire_at = clock_timestamp() - random() * interval '1 s' WHERE saga_id = ANY ($1)`,
      [ids],
    );
    return async () => {
      const { due } = await populated.due.claim(DUE);
      if (due.length !== DUE) throw new Error(`${due.length} timers were due, not ${DUE}.`);
    };
  },
};

const nothingDue: Measure = {
  name: 'find that nothing is due',
  times: 200,
  prepare: async (populated) => () => populated.due.claim(DUE),
};

const list = (
  name: string,
  query: (populated: Populated) => Parameters<Populated['reader']['list']>[0],
  after = false,
): Measure => ({
  name: `list ${name}`,
  times: 200,
  prepare: async (populated) => {
    const [n = 0] = populated.pick(1);
    const filters = query(populated);
    return () => populated.reader.list(filters, after ? populated.sagas.idOf(n) : undefined, PAGE);
  },
});

const order = (populated: Populated): string => `order-${populated.pick(1)[0]}`;

export const hotPath: readonly Measure[] = [claim, nothingDue, advance(1, 400), advance(64, 40)];

export const adminQueries: readonly Measure[] = [
  list('all', () => ({})),
  list('all, a page anywhere', () => ({}), true),
  list('RUNNING', () => ({ status: 'RUNNING' })),
  list('PAUSED, a page anywhere', () => ({ status: 'PAUSED' }), true),
  list('COMPLETED, of which there are none', () => ({ status: 'COMPLETED' })),
  list('a definition', () => ({ definition: 'other-purchase' })),
  list('a definition, a page anywhere', () => ({ definition: 'patient-purchase' }), true),
  list('a definition, PAUSED', () => ({ definition: 'patient-purchase', status: 'PAUSED' }), true),
  list('a definition, PAUSED, of which there are none', () => ({ definition: 'other-purchase', status: 'PAUSED' })),
  list('an unknown definition', () => ({ definition: 'no-purchase' })),
  list('by business key', (populated) => ({ subject: order(populated) })),
  list('by business key and status', (populated) => ({ subject: order(populated), status: 'PAUSED' })),
  {
    name: 'one saga with its history',
    times: 200,
    prepare: async (populated) => {
      const [n = 0] = populated.pick(1);
      return () => populated.reader.find(populated.sagas.idOf(n));
    },
  },
];
