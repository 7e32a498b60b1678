import { commandLine } from '@palinode/test-support/command-line';
import { writeSqlFiles } from '@palinode/test-support/packages/sql-files';

const { out, schema, tablePrefix } = commandLine(
  'npm run sql --',
  "Writes the library's migrations as SQL files, for teams that do not run migrations with TypeORM.",
)
  .requiredOption('--out <folder>', 'where: a folder for each role is created in it')
  .option('--schema <name>', 'of the tables; by default the search path decides')
  .option('--table-prefix <prefix>', 'what the names of the tables begin with')
  .parse()
  .opts();

for (const path of writeSqlFiles(out, { schema, tablePrefix })) console.log(path);
