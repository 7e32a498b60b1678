import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';

const EVERY_MS = 200;

/** Polls whether every service takes requests and handles messages, also under load. */
export class ReadinessMonitor {
  private readonly stopping = new AbortController();
  private readonly asking: Promise<unknown>;
  private unready = new Set<string>();

  constructor(stack: Stack, withinMs: number) {
    this.asking = Promise.all(
      serviceNames.flatMap((name) =>
        ['readyz', 'consumers'].map((probe) => this.ask(name, `${stack.services[name].url}/${probe}`, withinMs)),
      ),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  /** The services that were not ready at some time since the last call. */
  problems(): string[] {
    const found = [...this.unready];
    this.unready = new Set();
    return found;
  }

  private async ask(name: string, url: string, withinMs: number): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const problem = await unreadiness(url, withinMs);
      if (problem !== undefined && !signal.aborted) this.unready.add(`${name} was not ready: ${problem}`);
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function unreadiness(url: string, withinMs: number): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
    const body = await answer.text();
    return answer.status === 200 ? undefined : `${answer.status} ${body.slice(0, 300)}`;
  } catch (error) {
    return String(error);
  }
}
