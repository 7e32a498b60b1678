/* The short form of `npm run fuzz`: one fixed seed, and one new seed in each run. */
import { printLine } from '../chaos/print-line';
import { codecs } from './compress';
import type { FuzzMessage } from './fuzz-message';
import { FuzzedShop } from './fuzzed-shop';
import { generate } from './generate';

/** Only a hang takes this long. */
const WITHIN_MS = 240_000;
const HOURS = 3_600_000;
const MESSAGES = 150;
const SEED_THAT_STAYS = 20_261_129;
const NEW_SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

let shop: FuzzedShop;

beforeAll(async () => {
  shop = await FuzzedShop.start('embedded', WITHIN_MS);
}, HOURS);

afterAll(() => shop?.stop(), HOURS);

/** A command without a handler: it is dead-lettered as soon as it was read. */
function unknownCommand(n: number, codec: FuzzMessage['codec'], seed: number): FuzzMessage {
  const value = Buffer.from(JSON.stringify({ what: 'no envelope', padding: 'x'.repeat(200) }));
  const records = Array.from({ length: 3 }, () => ({ key: null, value, headers: [] }));
  const how = { document: 'no envelope', mutations: [], codec, damage: 'none', seed } as const;
  return { n, topic: 'payment.commands', partition: n % 4, ...how, records };
}

it(
  'the services read batches of every codec that the fuzz makes',
  async () => {
    const before = await shop.parked();
    // Different seeds use different forms of a codec.
    const messages = codecs.flatMap((codec, at) => [1, 2, 3, 4].map((n) => unknownCommand(4 * at + n, codec, n)));
    expect(await shop.round(messages)).toEqual([]);
    const after = await shop.parked();
    expect((after['no-envelope'] ?? 0) - (before['no-envelope'] ?? 0)).toBe(3 * messages.length);
    expect(after['undecodable-batch']).toBe(before['undecodable-batch']);
  },
  HOURS,
);

it.each([
  ['that is fixed', SEED_THAT_STAYS],
  ['that is new', NEW_SEED],
])(
  'no message of a seed %s stops a service, blocks a partition or harms an order',
  async (_what, seed) => {
    printLine(`fuzz, seed ${seed}`);
    expect(await shop.round(generate(seed, 0, MESSAGES, shop.sources))).toEqual([]);
    expect(shop.tally.byAnswer['accepted']).toBeGreaterThan(MESSAGES / 2);
    expect(Object.keys(await shop.parked()).length).toBeGreaterThan(5);
  },
  HOURS,
);
