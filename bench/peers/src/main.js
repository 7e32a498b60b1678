/* `npm run bench` here: the bench of the main project, with DBOS and Restate taking their turns as well. */
const { runBench } = require('../../../dist/bench/src/run-bench');
const { startDbos } = require('./dbos/contender');
const { startRestate } = require('./restate/contender');

const usual = ['--quick', '--contenders', 'floor,graphile,graphile-in-groups,dbos,restate,palinode'];

// What is given later wins.
void runBench([...usual, ...process.argv.slice(2)], { dbos: startDbos, restate: startRestate });
