/* `npm run bench` here: the bench of the main project, with DBOS and Restate among the targets. */
const { bench } = require('../../../dist/bench/src/bench');
const { startDbos } = require('./dbos/target');
const { startRestate } = require('./restate/target');

const usual = ['throughput', '--quick', '--targets', 'floor,graphile,graphile-in-groups,dbos,restate,palinode'];

// Later options win.
void bench([...usual, ...process.argv.slice(2)], { dbos: startDbos, restate: startRestate });
