import { existsSync } from 'node:fs';

/** The browser of the tests, the measurements and the pictures. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why nothing can run in a browser on this machine; undefined when it can. */
export const missingBrowser = existsSync(CHROMIUM)
  ? undefined
  : `There is no browser at ${CHROMIUM}: install chromium, or name one by CHROMIUM.`;
