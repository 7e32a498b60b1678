/**
 * `describe` when what a suite needs is there. When it is missing, continuous integration has to fail, and everybody
 * else has to see that something was skipped.
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
