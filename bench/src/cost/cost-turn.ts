import type { Contender } from '../contender';
import { unlessCounted } from '../invariants';
import { memoryMbOf } from '../measure/memory';
import { startSagas, type SagaContender, type SagaSystem } from '../saga/contender';
import { takeTurn, type TurnOptions, type TurnResult } from '../turn';
import { GROWING, tableSizes, type TableSizes } from './table-sizes';

export interface CostTurn {
  readonly turn: TurnResult;
  /** Of each process, in MB: before the first saga and after the last. */
  readonly memoryMb: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  /** What the tables grew by, in KiB for each 1,000 sagas. */
  readonly kibPerThousand: TableSizes;
}

const LOAD = { inFlight: 64, declined: 0 };

/** Starts this system, lets it have its turn, and looks at what it leaves behind. */
export async function costTurn(
  name: string,
  system: SagaSystem,
  postgres: { readonly adminUrl: string; readonly pid: number | undefined },
  turnOf: Pick<TurnOptions, 'seconds' | 'warmUp'>,
): Promise<CostTurn> {
  const contender = await startSagas(system);
  try {
    const { counted, sagas } = countingSagas({ ...contender, name, check: checkOf(contender, system) });
    const pids = { ...contender.pids, postgres: postgres.pid ?? 0 };
    const urls = Object.values(contender.databases);
    const before = { memory: memoryOf(pids), sizes: await tableSizes(urls) };
    const turn = await takeTurn(counted, postgres, { ...LOAD, ...turnOf });
    const after = { memory: memoryOf(pids), sizes: await tableSizes(urls) };
    const grown = (table: keyof TableSizes): number =>
      ((after.sizes[table] - before.sizes[table]) / 1_024) * (1_000 / sagas());
    return {
      turn,
      memoryMb: Object.fromEntries(
        Object.entries(before.memory).map(([process, mb]) => [
          process,
          { before: mb, after: after.memory[process] ?? 0 },
        ]),
      ),
      kibPerThousand: Object.fromEntries(GROWING.map((table) => [table, grown(table)])) as TableSizes,
    };
  } finally {
    await contender.stop();
  }
}

/** Since nobody declines, every saga has had all its steps. */
function checkOf({ databases, check }: SagaContender, { steps = 3 }: SagaSystem): Contender['check'] {
  return async (sagas) => [
    ...(await check(sagas)),
    ...(await unlessCounted('picks', databases.stock, 'SELECT count(*) FROM pick', sagas * (steps - 3))),
  ];
}

function countingSagas(contender: Contender): { counted: Contender; sagas: () => number } {
  let sagas = 0;
  const load: Contender['load'] = async (options) => {
    const result = await contender.load(options);
    sagas += result.sagas;
    return result;
  };
  return { counted: { ...contender, load }, sagas: () => sagas };
}

function memoryOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([process, pid]) => [process, memoryMbOf(pid)]));
}
