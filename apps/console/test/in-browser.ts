/* Opens pages of the console in a real browser, and fails a test for whatever goes wrong in them. */
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { missingBrowser } from '@palinode/test-support/chromium';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ShopClient } from '../../../test/end-to-end/shop-client';
import { sharedBrowser } from './shared-browser';
import { sharedStack } from './shared-stack';

export type Theme = 'light' | 'dark';
export const themes: readonly Theme[] = ['light', 'dark'];

/** Shorter than the limit of Jest, whose message does not name what is waited for. */
const TIMEOUT_MS = 120_000;

export interface PageOptions {
  /** @default 'light' */
  readonly theme?: Theme;
  /** @default 1280 */
  readonly width?: number;
  /** @default 800 */
  readonly height?: number;
  /** @default false */
  readonly hasTouch?: boolean;
  /** Problems that the test provokes, such as the error of a request to a service that it has killed. */
  readonly expected?: readonly RegExp[];
}

/** The console in a browser, for one file of tests. */
export class ConsoleInBrowser {
  private browser: Browser | undefined;
  private readonly contexts: BrowserContext[] = [];
  private readonly problems: string[] = [];
  private consoleUrl: string | undefined;

  /** The APIs of the shop that all files share. */
  get shop(): ShopClient {
    const { order, payment, inventory, orchestrator } = sharedStack().services;
    return new ShopClient({ order, payment, inventory, orchestrator });
  }

  /** Opens the pages of this orchestrator from now on, instead of those of the shared shop. */
  useOrchestrator(url: string): void {
    this.consoleUrl = `${url}/console/`;
  }

  /** The address of a page: `sagas?status=PAUSED`. */
  address(path = ''): string {
    return `${this.consoleUrl ?? `${sharedStack().services.orchestrator}/console/`}${path}`;
  }

  /**
   * Opens a page of the console in a session of its own. The test fails if the page logs or throws an error, violates
   * its Content-Security-Policy, or requests anything of another origin.
   */
  async open(path = '', options: PageOptions = {}): Promise<Page> {
    const { theme = 'light', width = 1_280, height = 800, hasTouch = false, expected = [] } = options;
    this.browser ??= await chromium.connect(sharedBrowser());
    const context = await this.browser.newContext({ colorScheme: theme, viewport: { width, height }, hasTouch });
    this.contexts.push(context);
    // Tests wait for what is to come, however slow the machine is.
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    const report = (problem: string): void => {
      if (!expected.some((each) => each.test(problem))) this.problems.push(`${page.url()}: ${problem}`);
    };
    page.on('console', (message) => {
      if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => report(`uncaught: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(this.address()).origin)
        report(`request to another origin: ${request.url()}`);
    });
    // Some violations are not logged.
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('violates ' + violatedDirective + ': ' + blockedURI))`);
    await this.go(page, path);
    return page;
  }

  /** Shows another page of the console, and waits until it has read what it shows. */
  async go(page: Page, path: string): Promise<void> {
    await page.goto(this.address(path));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' });
  }

  /** Ends the sessions of a test. Throws if anything went wrong in them. */
  async endTest(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    const problems = this.problems.splice(0);
    if (problems.length > 0) throw new Error(`The browser reported:\n${problems.join('\n')}`);
  }

  async close(): Promise<void> {
    await this.browser?.close();
  }
}

/** A suite in the browser; without one it is skipped, and fails in continuous integration. */
export function describeInBrowser(name: string, suite: (inBrowser: ConsoleInBrowser) => void): void {
  describeWhenAvailable(name, missingBrowser, () => {
    const inBrowser = new ConsoleInBrowser();
    afterEach(() => inBrowser.endTest());
    afterAll(() => inBrowser.close());
    suite(inBrowser);
  });
}

/** What axe-core finds on a page: a line for each, empty without a finding. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Colours that are still changing have no contrast of their own.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // Code of the debugger is not subject to the page's Content-Security-Policy.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${help} at ${target.join(' ')}: ${failureSummary}`),
  );
}
