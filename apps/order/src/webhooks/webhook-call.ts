import { type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { withTimeout } from '@palinode/saga/participant';
import { publicLookup } from './public-lookup';
import { targetRejection, type TargetRules } from './webhook-target';

/** How one attempt ended: with an HTTP status, or with a problem that prevented one. */
export interface CallOutcome {
  readonly status?: number;
  readonly problem?: string;
  /** The wait that the target requests with Retry-After. */
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

/** The rest of a longer answer is not read. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** The statuses whose Retry-After is respected: too many requests, and unavailable. */
const RETRY_AFTER_STATUSES: ReadonlySet<number> = new Set([429, 503]);

/** Sends requests to URLs that customers name: to no private address, with a timeout, without following redirects. */
export class WebhookCaller {
  constructor(
    private readonly rules: TargetRules,
    private readonly lookup: LookupFunction | undefined = rules.privateTargets ? undefined : publicLookup(),
  ) {}

  /** Never rejects. */
  async call(call: Call): Promise<CallOutcome> {
    const begunAt = performance.now();
    const outcome = await this.attempt(call).catch((error: unknown) => ({ problem: problemOf(error) }));
    return { ...outcome, tookMs: Math.round(performance.now() - begunAt) };
  }

  private async attempt({ url, headers, body, timeoutMs, signal }: Call): Promise<Answer & { problem?: string }> {
    // The rules may have changed since the order was placed, and an IP address in a URL needs no lookup.
    const rejection = targetRejection(url, this.rules);
    if (rejection !== undefined) return Promise.reject(new Error(`the URL ${rejection}`));
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
  const requestedMs = RETRY_AFTER_STATUSES.has(status) ? retryAfterMs(headers['retry-after'], new Date()) : undefined;
  return requestedMs === undefined ? { status } : { status, retryAfterMs: requestedMs };
}

/** Reads a short answer to its end, so that its connection closes cleanly. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
  // Only the status counts, and it has arrived.
  response.on('error', () => undefined);
}

function problemOf(error: unknown): string {
  const { name, message, code, cause } = error as NodeJS.ErrnoException;
  const reason = name === 'AbortError' ? (cause ?? error) : error;
  if ((reason as Error).name === 'TimeoutError') return 'no answer in time';
  return String(message || code).slice(0, 200);
}

/** Parses Retry-After (RFC 9110, 10.2.3); undefined when it is missing or invalid. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,10}$/.test(header)) return Number(header) * 1_000;
  const waitMs = Date.parse(header) - now.getTime();
  return waitMs > 0 ? waitMs : undefined;
}
