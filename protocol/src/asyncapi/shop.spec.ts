import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { DOCUMENT, documentPath, toYaml } from './document-file';
import { shopDocument } from './shop';

/** To take a newer version of AsyncAPI than the tools around it know. */
const ADVICE = 'asyncapi-latest-version';

const committed = readFileSync(documentPath, 'utf8');

describe(DOCUMENT, () => {
  it('is what the contracts and definitions make; if not, run: npm run asyncapi', () => {
    expect(committed).toBe(toYaml(shopDocument()));
  });

  it('is valid to the official parser', async () => {
    const { document, diagnostics } = await new Parser().parse(committed);
    expect(diagnostics.filter(({ code }) => code !== ADVICE)).toEqual([]);
    expect(document?.operations().filterByReceive()).not.toHaveLength(0);
  });
});
