/**
 * `describe` for a suite with prerequisites. Without them the suite fails in continuous integration, and is reported as
 * skipped elsewhere.
 */
export function describeWhenAvailable(name: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
    return;
  }
  if (process.env['CI'] === 'true') {
    it(`the prerequisites are installed for: ${name}`, () => {
      throw new Error(missing);
    });
    return;
  }
  console.warn(`Skipped: ${name}. ${missing}`);
  describe.skip(name, suite);
}
