import { setTimeout as pause } from 'node:timers/promises';
import { serviceNames } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';

const EVERY_MS = 200;

interface Beat {
  /** How long its slowest answer took. */
  slowestMs: number;
  /** Why it was not ready, when it was not. */
  readonly unready: Set<string>;
}

/** Asks every service again and again whether it is ready, also while it has much to do. */
export class Pulse {
  private readonly stopping = new AbortController();
  private readonly asking: Promise<unknown>;
  private beats = new Map<string, Beat>();

  constructor(stack: Stack, withinMs: number) {
    this.asking = Promise.all(
      serviceNames.map((name) => this.ask(name, `${stack.services[name].url}/readyz`, withinMs)),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  /** Since it was asked last: the slowest answers, and who was not ready. */
  taken(): { slowestMs: Record<string, number>; unready: string[] } {
    const beats = [...this.beats];
    this.beats = new Map();
    return {
      slowestMs: Object.fromEntries(beats.map(([name, { slowestMs }]) => [name, slowestMs])),
      unready: beats.flatMap(([name, { unready }]) => [...unready].map((why) => `${name} was not ready: ${why}`)),
    };
  }

  private async ask(name: string, url: string, withinMs: number): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const began = performance.now();
      const problem = await unreadiness(url, withinMs);
      const beat = this.beats.get(name) ?? { slowestMs: 0, unready: new Set() };
      beat.slowestMs = Math.max(beat.slowestMs, Math.round(performance.now() - began));
      if (problem !== undefined && !signal.aborted) beat.unready.add(problem);
      this.beats.set(name, beat);
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
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
