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
  try {
    const body = (await response.clone().json()) as Partial<ProblemDetails>;
    return new Problem({ ...body, ...fallback, title: body.title ?? fallback.title });
  } catch {
    return new Problem({ ...fallback, detail: (await response.text()).slice(0, 500) || undefined });
  }
}
