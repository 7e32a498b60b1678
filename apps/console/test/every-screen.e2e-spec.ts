/* What holds of every screen. */
import { accessibilityProblems, describeInBrowser, themes } from './in-browser';

/** The screens that need no id. */
const screens = [
  '',
  'sagas',
  'incidents',
  'dead-letters',
  'definitions',
  'holds',
  'bulk-actions',
  'audit',
  'instances',
  'faults',
  'shop',
  'about',
];

describeInBrowser('every screen', (inBrowser) => {
  it.each(themes)('is accessible in the %s theme', async (theme) => {
    const page = await inBrowser.open('', { theme });
    const found: Record<string, readonly string[]> = {};
    for (const path of screens) {
      await inBrowser.go(page, path);
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[path] = problems;
    }
    expect(found).toEqual({});
  });

  it.each([320, 768, 2_560])('fits a window that is %d px wide', async (width) => {
    const page = await inBrowser.open('', { width });
    for (const path of screens) {
      await inBrowser.go(page, path);
      const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect({ path, widest }).toEqual({ path, widest: width });
    }
  });
});
