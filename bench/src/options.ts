import { commandLine, listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { brokerKinds, type BrokerKind } from '@palinode/test-support/kafka/broker';

/** What a run of the bench compares, and how long it looks. */
export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** Seconds of load before each turn, which are not counted. */
  readonly warmUp: number;
  readonly inFlight: readonly number[];
  readonly declined: readonly number[];
  readonly contenders: readonly string[];
  readonly brokers: readonly BrokerKind[];
  readonly transactions: readonly ('per-batch' | 'per-command')[];
  readonly doors: readonly ('startSaga' | 'http')[];
  readonly json?: string;
  /** Where CPU profiles are written, if any are taken. */
  readonly profile?: string;
}

const FULL = {
  seconds: 10,
  rounds: 3,
  // V8 compiles what runs often, and what runs once a flush comes to that late: 20 s after a start it takes a tenth of the CPU
  // of Palinode's processes, 90 s after it half as much. A service runs for longer than that.
  warmUp: 30,
  inFlight: [1, 16, 64, 256],
  declined: [0, 0.1],
  contenders: ['floor', 'graphile', 'graphile-in-groups', 'by-hand', 'palinode', 'shop'],
  brokers: brokerKinds,
  transactions: ['per-batch', 'per-command'],
  doors: ['startSaga', 'http'],
} as const;
const QUICK = {
  ...FULL,
  seconds: 4,
  rounds: 1,
  warmUp: 6,
  inFlight: [64],
  declined: [0],
  contenders: ['floor', 'graphile', 'graphile-in-groups', 'palinode'],
  brokers: ['embedded'],
  doors: ['startSaga'],
} as const;

/** `contenders` are the names among which `--contenders` chooses. */
export function benchOptions(args: readonly string[], contenders: readonly string[]): BenchOptions {
  const { quick, ...given } = commandLine('npm run bench --', 'Lets sagas and others take turns at the same work.')
    .option('--quick', "a minute's look: one short round, 64 in flight, the embedded broker", false)
    .option('--seconds <number>', 'how long a turn is', numberFrom(1))
    .option('--rounds <number>', 'how many turns each has', wholeNumber(1))
    .option('--warm-up <number>', 'seconds of load before each turn, which are not counted', numberFrom(0))
    .option('--in-flight <numbers>', 'orders at a time', listOf(wholeNumber(1)))
    .option('--declined <numbers>', 'shares of the cards that are declined, such as 0,0.1', listOf(numberFrom(0, 1)))
    .option('--contenders <names>', contenders.join(', '), listOf(oneOf(...contenders)))
    .option('--brokers <kinds>', brokerKinds.join(', '), listOf(oneOf(...brokerKinds)))
    .option('--transactions <kinds>', FULL.transactions.join(', '), listOf(oneOf(...FULL.transactions)))
    .option('--doors <names>', FULL.doors.join(', '), listOf(oneOf(...FULL.doors)))
    .option('--json <file>', 'where to write every turn')
    .option('--profile <directory>', 'where to write CPU profiles')
    .parse(args, { from: 'user' })
    .opts();
  return { ...(quick ? QUICK : FULL), ...given };
}
