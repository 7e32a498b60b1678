import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { breaksBetween } from '@palinode/saga/asyncapi';
import { documentFiles, pathOf, SHIPPED, shippedDocuments, SHOP, toYaml } from './document-file';

/** The version of AsyncAPI is newer than Spectral's rules know. */
const ADVICE = 'asyncapi-latest-version';

describe.each(documentFiles)('$file', ({ file, make }) => {
  const committed = readFileSync(pathOf(file), 'utf8');

  it('matches the contracts and definitions (npm run asyncapi writes it)', () => {
    expect(committed).toBe(toYaml(make()));
  });

  it('is valid for the official AsyncAPI parser', async () => {
    const { document, diagnostics } = await new Parser().parse(committed);
    expect(diagnostics.filter(({ code }) => code !== ADVICE)).toEqual([]);
    expect(document?.operations().filterByReceive()).not.toHaveLength(0);
  });
});

describe('the messages of the shop', () => {
  // When no service of a release runs any more, and no saga of its definitions is open, its file may go.
  it.each(shippedDocuments())(`are compatible with the services of ${SHIPPED}/%s.yaml`, (_version, shipped) => {
    expect(breaksBetween(shipped, SHOP.make()).map(({ problem }) => problem)).toEqual([]);
  });

  it('have been shipped at least once', () => {
    expect(shippedDocuments()).not.toHaveLength(0);
  });
});
