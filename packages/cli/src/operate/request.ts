import { CliError } from '../cli-error';

interface ProblemBody {
  readonly type?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly problem: string }[];
  /** Of the health check. */
  readonly orchestrator?: { readonly message?: string };
}

/** A service answered with a problem; the message is its detail. */
export class ApiError extends CliError {
  constructor(
    service: string,
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    const { type = '', detail = '', errors = [] } = body;
    const unsaid = errors.filter(({ problem }) => !detail.includes(problem));
    const fields = unsaid.map(({ field, problem }) => `  ${field} ${problem}`);
    super([detail || `The ${service} answered ${status}.`, ...fields].join('\n'));
    this.problem = type.replace('urn:palinode:problem:', '');
  }

  /** The end of the problem's type, such as `past-the-pivot`. */
  readonly problem: string;
}

const ANSWERS_WITHIN_MS = 30_000;

/**
 * Asks a service. How long the answer itself takes is not limited: it may be a stream, or the whole operator log.
 *
 * @throws ApiError when it answers with a problem, a CliError when nothing answers, or not within `withinMs`
 */
export async function request(
  service: string,
  url: string,
  init: RequestInit,
  withinMs = ANSWERS_WITHIN_MS,
): Promise<Response> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), withinMs);
  const { origin } = new URL(url);
  const response = await fetch(url, { ...init, signal: silent.signal })
    .catch((error: unknown) => {
      const { cause = error } = error as { cause?: unknown };
      if (!silent.signal.aborted) throw new CliError(`No ${service} answers at ${origin}: ${String(cause)}`);
      const unknown = init.method === 'GET' ? '' : ' Look whether it has acted before you try again.';
      throw new CliError(`The ${service} at ${origin} has not answered for ${withinMs / 1_000} s.${unknown}`);
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok) throw new ApiError(service, response.status, await problemOf(service, response));
  return response;
}

/**
 * The body of a response, as the service sends it: an object.
 *
 * @throws CliError when it is something else, such as the page on which a proxy asks for a password
 */
export async function bodyOf<T>(service: string, response: Response): Promise<T> {
  const body = parsed(await response.text());
  if (body === undefined) throw new CliError(otherThan(service, response));
  return body as T;
}

/**
 * The text of a response that has this content type.
 *
 * @throws CliError when it has another one
 */
export async function textOf(service: string, response: Response, contentType: string): Promise<string> {
  if (!(response.headers.get('content-type') ?? '').startsWith(contentType))
    throw new CliError(otherThan(service, response));
  return response.text();
}

async function problemOf(service: string, response: Response): Promise<ProblemBody> {
  return parsed(await response.text()) ?? { detail: otherThan(service, response) };
}

/** Undefined when the text is not a JSON object. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function otherThan(service: string, { url, status, headers }: Response): string {
  const content = headers.get('content-type') ?? 'no content';
  return `${url} is not the API of an ${service}: it answered ${status} with ${content}.`;
}
