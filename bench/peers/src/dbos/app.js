const { DBOS } = require('@dbos-inc/dbos-sdk');
const { buy, createTables } = require('../buy');
const { serveLoad } = require('../../../../dist/bench/src/targets/load');

const workflow = DBOS.registerWorkflow((order) => buy((name, work) => DBOS.runStep(work, { name }), order), {
  name: 'buy',
});

async function main() {
  await createTables();
  DBOS.setConfig({
    name: 'bench',
    applicationVersion: '1',
    systemDatabaseUrl: process.env.DATABASE_URL_SYSTEM,
    systemDatabasePoolSize: 64,
    logLevel: 'error',
  });
  await DBOS.launch();
  serveLoad(async (order) => {
    const handle = await DBOS.startWorkflow(workflow, { workflowID: order.orderId })(order);
    await handle.getResult();
  });
}

void main();
