/* The floor: the same effects as prepared statements, one transaction per step, in one process without messages. */
import { v7 as uuidV7 } from 'uuid';
import { CHARGE, CLOSE, DECLINED, PLACE, RELEASE, RESERVE, TABLES } from './effects';
import { serveLoad } from './load';
import { ThreeDatabases } from './one-process';

async function main(): Promise<void> {
  const databases = await ThreeDatabases.withTables(64, TABLES);
  serveLoad(async ({ orderId, sku, quantity, amountCents, token }) => {
    await databases.run('order', 'place', PLACE, [orderId, sku, quantity, amountCents]);
    await databases.run('stock', 'reserve', RESERVE, [orderId, sku, quantity]);
    const declined = token === DECLINED;
    const values = [uuidV7(), orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED'];
    await databases.run('payment', 'charge', CHARGE, values);
    if (declined) await databases.run('stock', 'release', RELEASE, [orderId]);
    await databases.run('order', 'close', CLOSE, [orderId, declined ? 'REJECTED' : 'APPROVED']);
  });
}

void main();
