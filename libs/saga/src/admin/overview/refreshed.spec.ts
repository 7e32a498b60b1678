import { Refreshed } from './refreshed';

let now: number;
let found: number;
let refreshed: Refreshed<number>;

beforeEach(() => {
  now = 0;
  found = 0;
  refreshed = new Refreshed(
    async () => (found += 1),
    2_000,
    10_000,
    () => now,
  );
});

it('tells the same while it is fresh', async () => {
  expect([await refreshed.get(), await refreshed.get()]).toEqual([1, 1]);
});

it('tells the former fact at once while it finds out the new one', async () => {
  await refreshed.get();
  now = 3_000;
  expect([await refreshed.get(), await refreshed.get()]).toEqual([1, 2]);
});

it('waits for the new one when the former is too old', async () => {
  await refreshed.get();
  now = 10_000;
  expect(await refreshed.get()).toBe(2);
});

it('finds out once for all who ask meanwhile', async () => {
  expect(await Promise.all([refreshed.get(), refreshed.get()])).toEqual([1, 1]);
});
