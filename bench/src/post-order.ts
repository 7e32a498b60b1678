import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';

const agent = new Agent({ keepAlive: true });

/** Posts an order and waits until it has ended; rejects with whatever else is answered. */
export function postOrder(url: string, order: object): Promise<void> {
  const body = JSON.stringify(order);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    prefer: 'wait=30',
  };
  return new Promise((resolve, reject) => {
    request(url, { agent, method: 'POST', headers }, (response) => {
      json(response).then((answer) => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}: ${JSON.stringify(answer)}`));
      }, reject);
    })
      .on('error', reject)
      .end(body);
  });
}
