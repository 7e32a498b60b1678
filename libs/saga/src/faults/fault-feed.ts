import { v7 as uuidV7 } from 'uuid';
import { sleep, RecurringTask, withTimeout, type Log } from '../messaging';
import type { FaultFeed } from './fault-console';
import type { FaultEngine } from './fault-engine';
import type { Hits } from './hits';

/** Longer than a question may stay open. */
const POLL_TIMEOUT_MS = 30_000;
const FIRST_POLL_TIMEOUT_MS = 500;
const RETRY_MS = 300;
/** Services start in any order, and an orchestrator may be on its way back. */
const WORTH_A_WORD = 50;
const REPORT_EVERY_MS = 50;

/**
 * Keeps a service's faults in step with the orchestrator's over plain HTTP, so that a rule reaches it also while the broker
 * is away: one question is always open, and is answered as soon as anything changes. What strikes is told the same way.
 */
export class FaultFeedClient {
  private readonly instance = uuidV7();
  private readonly closing = new AbortController();
  private readonly reporting: RecurringTask;
  private knows = '';
  private listening: Promise<void> | undefined;
  private unreported = true;

  constructor(
    private readonly url: string,
    private readonly engine: FaultEngine,
    private readonly hits: Hits,
    private readonly log: Log,
  ) {
    engine.onHit = () => (this.unreported = true);
    const work = async (): Promise<boolean> => this.report();
    this.reporting = new RecurringTask({ name: 'tell which faults struck', everyMs: REPORT_EVERY_MS, work, log });
  }

  /** Knows what is armed when it resolves, unless the orchestrator cannot be asked just now. */
  async start(): Promise<void> {
    await this.ask(FIRST_POLL_TIMEOUT_MS).catch(() => undefined);
    this.listening = this.listen();
    this.reporting.start();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    await this.listening;
    await this.reporting.stop();
  }

  private async listen(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted;) {
      try {
        await this.ask(POLL_TIMEOUT_MS);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === WORTH_A_WORD) this.log.warn(`still cannot ask ${this.url} for faults: ${String(error)}`);
        await sleep(RETRY_MS, this.closing.signal);
      }
    }
  }

  private async ask(timeoutMs: number): Promise<void> {
    const { service } = this.engine;
    const query = new URLSearchParams({ service, instance: this.instance, knows: this.knows });
    const feed = await this.request(`feed?${String(query)}`, { method: 'GET' }, timeoutMs);
    const { version, rules, catalog } = JSON.parse(feed) as FaultFeed;
    this.engine.arm(rules, catalog);
    this.knows = version;
  }

  private async report(): Promise<boolean> {
    if (!this.unreported) return false;
    this.unreported = false;
    try {
      const hits = await this.hits.unreported();
      if (hits.length === 0) return false;
      const body = JSON.stringify({ hits });
      await this.request(
        'hits',
        { method: 'POST', body, headers: { 'content-type': 'application/json' } },
        POLL_TIMEOUT_MS,
      );
      await this.hits.reportTo(hits.map(({ id }) => id));
      this.unreported = true;
      return true;
    } catch (error) {
      this.unreported = true;
      throw error;
    }
  }

  /** Resolves with the body, which has to come within the same time. */
  private request(path: string, init: RequestInit, timeoutMs: number): Promise<string> {
    return withTimeout(timeoutMs, this.closing.signal, async (signal) => {
      const response = await fetch(new URL(`/v1/faults/${path}`, this.url), { ...init, signal });
      const body = await response.text();
      if (!response.ok) throw new Error(`${this.url} answered ${response.status} to ${path}`);
      return body;
    });
  }
}
