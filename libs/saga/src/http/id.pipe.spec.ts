import { IdPipe } from './id.pipe';

const id = '019b76da-a800-7000-8000-00000000beef';
const read = (value: string): string => new IdPipe().transform(value, { type: 'param', data: 'id' });

it('an id from a path is converted to lower case, and rejected when it is not a UUID', () => {
  expect(read(id.toUpperCase())).toBe(id);
  expect(read(id)).toBe(id);
  expect(() => read('beef')).toThrow('id must be a UUID.');
});
