import { readPage, type Page } from './page';

const ids = ['019b76da-a800-7000-8000-00000000000a', '019b76da-a800-7000-8000-00000000000b'] as const;

/** The items of a list that is in the order of its ids. */
function page(limit: number, cursor?: string): Promise<Page<string>> {
  const read = async (after = '', most: number): Promise<string[]> => ids.filter((id) => id > after).slice(0, most);
  return readPage({ limit, cursor }, (id) => id, read);
}

describe('a page of a list', () => {
  it('names the next one, which goes on after its last item', async () => {
    const { items, next } = await page(1);
    expect(items).toEqual([ids[0]]);
    expect(await page(1, next)).toEqual({ items: [ids[1]] });
  });

  it('is the last one when it has all items', async () => {
    expect(await page(2)).toEqual({ items: ids });
  });

  it.each(['forged', '', 'AZt22qgAcACAAAAAAAAACg==', Buffer.from(ids[0]).toString('base64url')])(
    'is refused for the cursor "%s", which no page has named',
    async (cursor) => {
      await expect(page(1, cursor)).rejects.toMatchObject({ errors: [{ field: 'cursor' }] });
    },
  );
});
