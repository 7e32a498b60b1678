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
    const fields = errors.map(fieldText).filter((each) => !detail.includes(each));
    super([detail || `The ${service} answered ${status}.`, ...fields.map((each) => `  ${each}`)].join('\n'));
    this.problem = type.replace('urn:palinode:problem:', '');
  }

  /** The end of the problem's type, such as `past-the-pivot`. */
  readonly problem: string;
}

function fieldText({ field, problem }: { readonly field: string; readonly problem: string }): string {
  return `${field} ${problem}`;
}

/**
 * Asks a service.
 *
 * @throws ApiError when it answers with a problem, a CliError when nothing answers
 */
export async function request(service: string, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    const { cause = error } = error as { cause?: unknown };
    throw new CliError(`No ${service} answers at ${new URL(url).origin}: ${String(cause)}`);
  });
  if (!response.ok) throw new ApiError(service, response.status, await problemOf(service, response));
  return response;
}

async function problemOf(service: string, response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    return { detail: `${response.url} is not the API of an ${service}: it answered ${response.status}.` };
  }
}
