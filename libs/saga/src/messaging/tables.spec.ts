import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_NAMES, TABLES, tablesIn } from './tables';

const SOURCES = join(__dirname, '..');
/** The tables of faults on demand are none of the library's: they are created where they are needed, in development. */
const files = (readdirSync(SOURCES, { recursive: true }) as string[]).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('spec.ts') && !path.startsWith('faults/'),
);

/** The tables that SQL in this text names itself; `saga.id` is a column of an alias. */
function bareNamesIn(text: string): string[] {
  const name = String.raw`(?:${TABLE_NAMES.join('|')})\b(?!\.)`;
  const clause = String.raw`\b(?:FROM|INTO|UPDATE|JOIN|ONLY|TABLE(?:\s+IF(?:\s+NOT)?\s+EXISTS)?|ON)\s+`;
  return [...text.matchAll(new RegExp(`${clause}${name}`, 'g'))].map(([found]) => found);
}

describe('the names of tables', () => {
  it('are used by every statement of the library', () => {
    const found = files.flatMap((path) =>
      bareNamesIn(readFileSync(join(SOURCES, path), 'utf8')).map((bare) => `${path}: ${bare}`),
    );
    expect(found).toEqual([]);
    expect(bareNamesIn('SELECT FROM saga WHERE; INSERT INTO outbox; LOCK TABLE ONLY inbox; ${t.saga} AS saga')).toEqual(
      ['FROM saga', 'INTO outbox', 'ONLY inbox'],
    );
  });

  it('have neither a schema nor a prefix by default', () => {
    expect(TABLES.saga_history).toBe('saga_history');
    expect(TABLES.local('saga_by_status')).toBe('saga_by_status');
  });

  it('have the schema and the prefix that are given', () => {
    const tables = tablesIn({ schema: 'palinode', tablePrefix: 'shop_' });
    expect(tables.inbox).toBe('palinode.shop_inbox');
    expect(tables.local('inbox_day')).toBe('shop_inbox_day');
    expect(tablesIn({ tablePrefix: 'shop_' }).inbox).toBe('shop_inbox');
    expect(tablesIn({ schema: 'palinode' }).inbox).toBe('palinode.inbox');
  });
});
