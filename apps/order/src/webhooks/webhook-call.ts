import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { withTimeout } from '@palinode/saga/participant';
import { publicLookup } from './public-lookup';
import { retryAfterMs } from './retry-after';
import { objectionTo, type TargetRules } from './webhook-target';

/** How one attempt ended: with a status, or with a problem that kept one from coming. */
export interface CallOutcome {
  readonly status?: number;
  readonly problem?: string;
  /** How long the target, too busy or away, asks to be left alone. */
  readonly retryAfterMs?: number;
  readonly tookMs: number;
}

type Answer = Pick<CallOutcome, 'retryAfterMs'> & { readonly status: number };

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a target answers beyond this is not read. */
const MOST_ANSWER_BYTES = 16 * 1024;

/** Answers that may say when to come again: too many requests, and not available. */
const MAY_ASK: ReadonlySet<number> = new Set([429, 503]);

/** Sends requests to targets that customers name: to no private address, for a bounded time, following no redirect. */
export class WebhookCaller {
  constructor(
    private readonly rules: TargetRules,
    private readonly lookup: LookupFunction | undefined = rules.privateTargets ? undefined : publicLookup(),
  ) {}

  /** Never rejects. */
  async call(call: Call): Promise<CallOutcome> {
    const begunAt = performance.now();
    const outcome = await this.attempt(call).catch((error: unknown) => ({ problem: told(error) }));
    return { ...outcome, tookMs: Math.round(performance.now() - begunAt) };
  }

  private async attempt({ url, headers, body, timeoutMs, signal }: Call): Promise<Answer & { problem?: string }> {
    // The rules may have changed since the order was placed, and an address in a URL is never looked up.
    const objection = objectionTo(url, this.rules);
    if (objection !== undefined) return Promise.reject(new Error(`the URL ${objection}`));
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: this.lookup,
      agent: false,
    };
    const answer = await withTimeout(timeoutMs, signal, (bounded) =>
      this.send(new URL(url), body, { ...options, signal: bounded }),
    );
    const redirects = answer.status >= 300 && answer.status < 400;
    return redirects ? { ...answer, problem: 'redirects are not followed' } : answer;
  }

  private send(url: URL, body: string, options: RequestOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
      request.on('error', reject);
      request.on('response', (response) => {
        discard(response);
        response.on('close', () => resolve(answerOf(response)));
      });
      request.end(body);
    });
  }
}

function answerOf({ statusCode: status = 0, headers }: IncomingMessage): Answer {
  const askedMs = MAY_ASK.has(status) ? retryAfterMs(headers['retry-after'], new Date()) : undefined;
  return askedMs === undefined ? { status } : { status, retryAfterMs: askedMs };
}

/** Reads a little, so that an ordinary answer ends its connection in order. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) response.destroy();
  });
  // What counts is the status, which has come.
  response.on('error', () => undefined);
}

function told(error: unknown): string {
  const { name, message, code, cause } = error as NodeJS.ErrnoException;
  const reason = name === 'AbortError' ? (cause ?? error) : error;
  if ((reason as Error).name === 'TimeoutError') return 'no answer in time';
  return String(message || code).slice(0, 200);
}
