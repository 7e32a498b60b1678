/* `npm run bench -- [subcommand] [options]`: everything that measures. `--help` lists the subcommands. */
import { bench } from './bench';

void bench(process.argv.slice(2));
