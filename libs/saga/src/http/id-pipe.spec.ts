import { IdPipe } from './id-pipe';

const id = '019b76da-a800-7000-8000-00000000beef';
const read = (value: string): Promise<string> => new IdPipe().transform(value, { type: 'param' });

it('an id from a path is converted to lower case, and rejected when it is not a UUID', async () => {
  expect(await read(id.toUpperCase())).toBe(id);
  expect(await read(id)).toBe(id);
  await expect(read('beef')).rejects.toThrow('uuid is expected');
});
