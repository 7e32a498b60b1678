import { parseArgs } from 'node:util';

/** What a run of the bench compares, and how long it looks. */
export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly inFlight: readonly number[];
  readonly declined: readonly number[];
  readonly contenders: readonly string[];
  readonly brokers: readonly ('embedded' | 'apache')[];
  readonly transactions: readonly ('shared' | 'own')[];
  readonly doors: readonly ('startSaga' | 'http')[];
  readonly json: string | undefined;
  /** Where CPU profiles are written, if any are taken. */
  readonly profile: string | undefined;
}

const FULL = {
  seconds: '10',
  rounds: '3',
  'in-flight': '1,16,64,256',
  declined: '0,0.1',
  contenders: 'floor,graphile,graphile-in-groups,palinode,shop',
  brokers: 'embedded,apache',
  doors: 'startSaga,http',
};
const QUICK = {
  seconds: '4',
  rounds: '1',
  'in-flight': '64',
  declined: '0',
  contenders: 'floor,graphile,graphile-in-groups,palinode',
  brokers: 'embedded',
  doors: 'startSaga',
};

export function benchOptions(args: string[]): BenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      seconds: text,
      rounds: text,
      'in-flight': text,
      declined: text,
      contenders: text,
      brokers: text,
      transactions: { type: 'string', default: 'shared,own' },
      doors: text,
      json: text,
      profile: text,
      quick: { type: 'boolean', default: false },
    },
  });
  const given = { ...(values.quick ? QUICK : FULL), ...values };
  return {
    seconds: Number(given.seconds),
    rounds: Number(given.rounds),
    inFlight: given['in-flight'].split(',').map(Number),
    declined: given.declined.split(',').map(Number),
    contenders: given.contenders.split(','),
    brokers: given.brokers.split(',') as BenchOptions['brokers'],
    transactions: given.transactions.split(',') as BenchOptions['transactions'],
    doors: given.doors.split(',') as BenchOptions['doors'],
    json: given.json,
    profile: given.profile,
  };
}
