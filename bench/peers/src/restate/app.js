const restate = require('@restatedev/restate-sdk');
const { connect } = require('@restatedev/restate-sdk-clients');
const { buy, createTables } = require('../buy');
const { serveLoad } = require('../../../../dist/bench/src/targets/load');

// Restate's SDK uses it without requiring Node 22, which has it.
Promise.withResolvers ??= () => {
  let settle;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
};

const buying = restate.service({
  name: 'buying',
  handlers: { buy: (context, order) => buy((name, work) => context.run(name, work), order) },
});

async function main() {
  await createTables();
  await restate.serve({ services: [buying], port: Number(process.env.SERVICE_PORT) });
  const client = connect({ url: process.env.INGRESS_URL }).serviceClient(buying);
  serveLoad((order) => client.buy(order));
}

void main();
