import { commandLine } from '@palinode/test-support/command-line';
import { consoleInBrowser } from './subcommands/console';
import { cost } from './subcommands/cost';
import { customer } from './subcommands/customer';
import { endurance } from './subcommands/endurance';
import { falseHolds } from './subcommands/false-holds';
import { files } from './subcommands/files';
import { find } from './subcommands/find';
import { growth } from './subcommands/growth';
import { latency } from './subcommands/latency';
import { live } from './subcommands/live';
import { overload } from './subcommands/overload';
import { recovery } from './subcommands/recovery';
import { slowHandler } from './subcommands/slow-handler';
import { throughput } from './subcommands/throughput';
import type { StartTarget } from './targets/target';

/** Runs a subcommand. `peers` are further targets of `throughput`, by their names for `--targets`. */
export async function bench(args: readonly string[], peers: Readonly<Record<string, StartTarget>> = {}): Promise<void> {
  const program = commandLine('npm run bench --', 'Measures Palinode on this machine, in ratios within a run.');
  program.addCommand(throughput(peers), { isDefault: true });
  for (const each of [
    latency,
    overload,
    recovery,
    customer,
    slowHandler,
    falseHolds,
    cost,
    growth,
    find,
    live,
    consoleInBrowser,
    endurance,
    files,
  ])
    program.addCommand(each);
  await program.parseAsync(args, { from: 'user' });
}
