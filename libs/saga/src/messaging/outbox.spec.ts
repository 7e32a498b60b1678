import { Acknowledged } from './outbox';

describe('acknowledged ids', () => {
  it('are passed to one delete statement', async () => {
    const acknowledged = new Acknowledged();
    acknowledged.add(['a', 'b']);
    expect(await acknowledged.deleteWith(async (ids) => ids)).toEqual(['a', 'b']);
    expect(acknowledged.isEmpty).toBe(true);
  });

  it('are kept when the statement fails', async () => {
    const acknowledged = new Acknowledged();
    acknowledged.add(['a']);
    await expect(acknowledged.deleteWith(async () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await acknowledged.deleteWith(async (ids) => ids)).toEqual(['a']);
  });

  it('are kept up to a limit while no statement can run', async () => {
    const acknowledged = new Acknowledged(3);
    for (let n = 0; n < 1_000; n += 1) acknowledged.add([`${n}-a`, `${n}-b`]);
    expect(await acknowledged.deleteWith(async (ids) => ids)).toEqual(['0-a', '0-b', '1-a']);
  });
});
