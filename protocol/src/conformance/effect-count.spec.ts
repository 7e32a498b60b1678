import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { countAt } from './effect-count';

let server: Server;
let base: string;
const answers: Record<string, unknown> = {
  '/number/a%20b': 3,
  '/list/a%20b': [1, 2],
  '/items/a%20b': { items: [1] },
  '/count/a%20b': { count: 0, items: [1] },
  '/word/a%20b': { count: 'many' },
};

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    response.statusCode = url in answers ? 200 : 404;
    response.end(JSON.stringify(answers[url] ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it.each([
  ['number', 3],
  ['list', 2],
  ['items', 1],
  ['count', 0],
])('the effect count is read from an answer of the form "%s"', async (what, count) => {
  expect(await countAt(`${base}/${what}/{orderId}`)({ orderId: 'a b' })).toBe(count);
});

it('the effect count is not read from any other answer', async () => {
  await expect(countAt(`${base}/word/{orderId}`)({ orderId: 'a b' })).rejects.toThrow('did not answer with a count');
  await expect(countAt(`${base}/nothing`)({})).rejects.toThrow('answered 404');
});
