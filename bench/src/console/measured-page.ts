/* A page of the console in Chromium, with the bytes it loads, its slow interactions and its long tasks. */
import { CHROMIUM } from '@palinode/test-support/chromium';
import { chromium, type Browser, type Page } from 'playwright-core';

/** In the page: the tasks of more than 50 ms, and how long each key, click and input took until it was painted. */
const OBSERVER = `
  globalThis.slow = { tasks: [], interactions: new Map() };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) slow.tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries())
      if (interactionId) slow.interactions.set(interactionId, Math.max(duration, slow.interactions.get(interactionId) ?? 0));
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 });
`;

/** What was slow while something was done. */
export interface Slowness {
  /** Of each key, click or input that took 16 ms or more until it was painted. */
  readonly interactionsMs: readonly number[];
  /** Of each task that took more than 50 ms. */
  readonly longTasksMs: readonly number[];
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export class MeasuredPage {
  private loaded = 0;

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** A page with an empty cache. */
  static async open(browser: Browser, url: string): Promise<MeasuredPage> {
    const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(OBSERVER);
    const measured = new MeasuredPage(page, url);
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (measured.loaded += encodedDataLength));
    return measured;
  }

  /** The bytes of all answers, as they came over the wire. */
  get loadedBytes(): number {
    return this.loaded;
  }

  /** Opens a path of the console. Resolves with the milliseconds until this selector is visible. */
  show(path: string, selector: string): Promise<number> {
    return this.until(() => this.page.goto(`${this.url}/${path}`, { waitUntil: 'commit' }), selector);
  }

  /** Does something. Resolves with the milliseconds until this selector is visible. */
  async until(act: () => Promise<unknown>, selector: string): Promise<number> {
    const begunAt = performance.now();
    await act();
    await this.page.locator(selector).first().waitFor();
    return performance.now() - begunAt;
  }

  count(selector: string): Promise<number> {
    return this.page.locator(selector).count();
  }

  /** Does something, and resolves with what was slow meanwhile. */
  async watched(act: () => Promise<unknown>): Promise<Slowness> {
    await this.page.evaluate('slow.tasks.length = 0; slow.interactions.clear()');
    await act();
    // Chromium reports the last interaction after its frame.
    return this.page.evaluate<Slowness>(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(() =>
      resolve({ interactionsMs: [...slow.interactions.values()], longTasksMs: [...slow.tasks] }), 100)))`);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
