/* `npm run bench -- [subcommand] [options]`: all measurements. `--help` lists the subcommands. */
import { bench } from './bench';

void bench(process.argv.slice(2));
