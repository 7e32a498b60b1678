/* The work of one order as repeatable steps, for a durable runner. */
const effects = require('../../../dist/bench/src/targets/effects');
const { Pool } = require('../../../node_modules/pg');

const { CHARGE_ONCE, CLOSE, DECLINED, PLACE, RELEASE, RESERVE_ONCE, TABLES } = effects;

const CONNECTIONS = 40;
const names = ['order', 'stock', 'payment'];
const pools = Object.fromEntries(
  names.map((name) => [
    name,
    new Pool({ connectionString: process.env[`DATABASE_URL_${name.toUpperCase()}`], max: CONNECTIONS }),
  ]),
);

async function createTables() {
  for (const name of names) await pools[name].query(TABLES[name]);
}

async function statement(database, name, text, values) {
  await pools[database].query({ name, text, values });
}

/** `step` runs a named piece of work and records durably that it is done. */
async function buy(step, { orderId, sku, quantity, amountCents, token }) {
  const declined = token === DECLINED;
  await step('place', () =>
    statement('order', 'place', `${PLACE} ON CONFLICT DO NOTHING`, [orderId, sku, quantity, amountCents]),
  );
  await step('reserve', () => statement('stock', 'reserve', RESERVE_ONCE, [orderId, sku, quantity]));
  await step('charge', () =>
    statement('payment', 'charge', CHARGE_ONCE, [orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED']),
  );
  if (declined) await step('release', () => statement('stock', 'release', RELEASE, [orderId]));
  await step('close', () => statement('order', 'close', CLOSE, [orderId, declined ? 'REJECTED' : 'APPROVED']));
}

module.exports = { buy, createTables };
