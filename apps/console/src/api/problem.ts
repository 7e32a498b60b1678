/** The problem details (RFC 9457) of an answer, as an error. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  /** Further members, such as `errors` of fields. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor({ status, title, detail, ...members }: ProblemDetails) {
    super(detail ?? title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.members = members;
  }

  /** Whether there was no answer. */
  get isWithoutAnswer(): boolean {
    return this.status === 0;
  }

  /** Whether it is not known what became of the request: nothing answered, or a server failed on the way. */
  get isOutcomeUnknown(): boolean {
    return this.isWithoutAnswer || this.status >= 500;
  }

  /** Whether somebody else has changed the thing since it was read (If-Match). */
  get isConflictOfRevisions(): boolean {
    return this.status === 412;
  }
}

interface ProblemDetails {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly [member: string]: unknown;
}

/** What an unsuccessful answer says; a proxy in between may answer without problem details. */
export async function problemOf(response: Response): Promise<Problem> {
  const fallback = { status: response.status, title: response.statusText || `HTTP ${response.status}` };
  if (!isJson(response)) return new Problem({ ...fallback, detail: NOT_THE_API });
  try {
    const body = (await response.json()) as Partial<ProblemDetails>;
    return new Problem({ ...body, ...fallback, title: body.title ?? fallback.title });
  } catch {
    return new Problem(fallback);
  }
}

/** What to throw for a successful answer that the API cannot have given; undefined for one that it may have. */
export function foreignAnswer(response: Response): Problem | undefined {
  if (isJson(response) || response.status === 204) return undefined;
  return new Problem({ status: 0, title: 'Not an answer of the API', detail: NOT_THE_API });
}

const NOT_THE_API = 'Something between this page and the orchestrator answered in its place, such as a proxy.';

/** `application/json` or `application/problem+json`. */
function isJson(response: Response): boolean {
  return /^application\/(\w+\+)?json\b/.test(response.headers.get('content-type') ?? '');
}
