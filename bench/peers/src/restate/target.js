const { mkdtempSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { freshDatabases } = require('../../../../dist/bench/src/measure/postgres');
const { driveLoad, startProcess, stopProcess } = require('../../../../dist/bench/src/targets/target');
const { brokenInvariants } = require('../../../../dist/bench/src/targets/invariants');
const { freePort } = require('../../../../dist/libs/testing-support/src/ports');
const { Child } = require('../../../../dist/libs/testing-support/src/processes/child');
const { GiveUp, waitUntil } = require('../../../../dist/libs/testing-support/src/wait-until');

/** One durable invocation per order: a service in one process, and the server that stores the journal. */
async function startRestate(adminUrl, directory) {
  const urls = await freshDatabases(adminUrl, 'restate', ['order', 'stock', 'payment']);
  const [ingress, admin, fabric, service] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const server = await startServer(directory, { ingress, admin, fabric });
  const child = await startProcess(join(__dirname, 'app.js'), [], {
    DATABASE_URL_ORDER: urls.order,
    DATABASE_URL_STOCK: urls.stock,
    DATABASE_URL_PAYMENT: urls.payment,
    SERVICE_PORT: String(service),
    RESTATE_LOGGING: 'ERROR',
    INGRESS_URL: `http://127.0.0.1:${ingress}`,
  });
  await register(`http://127.0.0.1:${admin}`, `http://127.0.0.1:${service}`);
  return {
    name: 'Restate',
    pids: { service: child.pid, server: server.pid },
    load: (options) => driveLoad(child, options),
    check: (sagas) => brokenInvariants(urls, sagas),
    stop: async () => {
      await stopProcess(child);
      await server.stop();
    },
  };
}

async function startServer(directory, { ingress, admin, fabric }) {
  const binary = require.resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
  const server = await Child.start(binary, ['--no-logo'], {
    name: 'Restate',
    guarded: true,
    environment: {
      ...process.env,
      RESTATE_BASE_DIR: mkdtempSync(join(directory, 'restate-')),
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_BIND_PORT: String(fabric),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      // As many as this machine has cores; the usual 24 took more CPU an order.
      RESTATE_DEFAULT_NUM_PARTITIONS: process.env.RESTATE_DEFAULT_NUM_PARTITIONS ?? String(availableParallelism()),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RUST_LOG: 'warn',
    },
  });
  await waitUntil('Restate', async () => {
    if (!server.isRunning) throw new GiveUp(`Restate ended while starting:\n${server.lastLines()}`);
    return (
      (await fetch(`http://127.0.0.1:${admin}/health`)).ok &&
      (await fetch(`http://127.0.0.1:${ingress}/restate/health`)).ok
    );
  });
  return server;
}

async function register(adminUrl, uri) {
  const response = await fetch(`${adminUrl}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri }),
  });
  if (!response.ok) throw new Error(`Restate does not accept the service: ${response.status} ${await response.text()}`);
}

module.exports = { startRestate };
