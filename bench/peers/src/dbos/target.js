const { join } = require('node:path');
const { freshDatabases } = require('../../../../dist/bench/src/measure/postgres');
const { driveLoad, startProcess, stopProcess } = require('../../../../dist/bench/src/targets/target');
const { brokenInvariants, unlessCounted } = require('../../../../dist/bench/src/targets/invariants');

const UNFINISHED = `SELECT count(*) FROM dbos.workflow_status WHERE status <> 'SUCCESS'`;

/** A durable workflow per order, in one process; DBOS keeps its records in a fourth database. */
async function startDbos(adminUrl) {
  const urls = await freshDatabases(adminUrl, 'dbos', ['order', 'stock', 'payment', 'system']);
  const child = await startProcess(join(__dirname, 'app.js'), [], {
    DATABASE_URL_ORDER: urls.order,
    DATABASE_URL_STOCK: urls.stock,
    DATABASE_URL_PAYMENT: urls.payment,
    DATABASE_URL_SYSTEM: urls.system,
  });
  return {
    name: 'DBOS',
    pids: { app: child.pid },
    load: (options) => driveLoad(child, options),
    check: async (sagas) => [
      ...(await brokenInvariants({ order: urls.order, stock: urls.stock, payment: urls.payment }, sagas)),
      ...(await unlessCounted('workflows not ended well', urls.system, UNFINISHED, 0)),
    ],
    stop: () => stopProcess(child),
  };
}

module.exports = { startDbos };
