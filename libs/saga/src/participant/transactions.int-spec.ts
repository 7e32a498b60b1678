import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const built = (file: string): string =>
  JSON.stringify(join(__dirname, `../../../../dist/libs/saga/src/participant/${file}.js`));

/** In a process of its own, because jest ignores a rejection that is handled late, and Node exits. */
const AWAY_BEFORE_THE_HANDLER_ASKS = `
  const { Transactions } = require(${built('transactions')});
  const { HandlerWatch } = require(${built('handler-watch')});
  const away = () => Promise.reject(new Error('Connection terminated unexpectedly'));
  const runner = { connect: async () => ({ query: away }), rollbackTransaction: away, release: async () => {} };
  const dataSource = { driver: { master: { options: { max: 5 } } }, createQueryRunner: () => runner };
  const handle = () => new Promise((_, reject) => setImmediate(reject, new Error('nothing to look at')));
  const delivery = { command: { id: 'id' }, contract: { name: 'shop.look' } };
  const job = { delivery, handler: { handle, timeoutMs: 1000 }, decision: { kind: 'run' } };
  new Transactions(dataSource, 'shop').perBatch([job], new HandlerWatch(), () => undefined).catch((error) => console.log(error.message));`;

it('the process survives when the database goes away before a handler sends a statement', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', AWAY_BEFORE_THE_HANDLER_ASKS], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'The database is away.\n', stderr: '' });
});
