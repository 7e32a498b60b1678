/*
 * What the diagram reads of a saga, as GET /v1/sagas/:id shows it. Events are data of many kinds: of each, only fields
 * with the expected type are read, and a kind that this console does not know is still drawn.
 */

/** A command that an entry sent. */
export interface SentCommand {
  readonly commandId: string;
  readonly command: string;
  readonly step: string;
  readonly direction: string;
  readonly attempt: number;
  /** True when this id was sent before. */
  readonly again: boolean;
}

/** What an entry made of a step. */
export interface StepChange {
  readonly name: string;
  readonly status: string;
  readonly attempt?: number | undefined;
  readonly waitsFor?: string | undefined;
  readonly wakeAt?: string | undefined;
}

/** What an entry made of the saga. */
export interface After {
  readonly status: string;
  /** Why the entry paused it. */
  readonly pause?: string | undefined;
  /** Why the entry made it compensate. */
  readonly cause?: string | undefined;
  readonly steps: readonly StepChange[];
}

/** An entry of the history. `after` is missing where the orchestrator lacks the definition. */
export interface HistoryEntry {
  readonly seq: number;
  readonly at: string;
  readonly event: object;
  readonly sent: readonly SentCommand[];
  readonly ignored?: string | undefined;
  readonly after?: After | undefined;
}

/** A saga with its history. */
export interface SagaHistory {
  readonly definition: string;
  /** Absent while it runs. */
  readonly endedAt?: string | undefined;
  readonly parent?: { readonly saga: string; readonly step: string } | undefined;
  readonly history: readonly HistoryEntry[];
}

const FIELDS = [
  'step',
  'direction',
  'commandId',
  'from',
  'by',
  'reason',
  'detail',
  'because',
  'signal',
  'outcome',
  'service',
  'point',
  'effect',
  'command',
  'halted',
] as const;

/** The fields of an event that the diagram shows. */
export type EventFields = { readonly kind: string; readonly objection: Rejection | undefined } & {
  readonly [Field in (typeof FIELDS)[number]]?: string;
};

/** Why a command was refused or failed. */
export interface Rejection {
  readonly reason: string;
  readonly detail: string | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads an event. */
export function eventOf({ event }: HistoryEntry): EventFields {
  const read = event as Readonly<Record<string, unknown>>;
  const found = FIELDS.flatMap((field) => (typeof read[field] === 'string' ? [[field, read[field]]] : []));
  return {
    kind: textOf(read['kind']) ?? 'unknown event',
    objection: rejectionOf(read['objection']),
    ...Object.fromEntries(found),
  };
}

function rejectionOf(value: unknown): Rejection | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { reason, detail } = value as Readonly<Record<string, unknown>>;
  return { reason: textOf(reason) ?? 'no reason', detail: textOf(detail) };
}

/** The service that handles a command: its name begins with it. */
export function serviceOf(command: string): string {
  return command.split('.', 1)[0] ?? command;
}

/** The forEach to which a step belongs, if it is one of its branches: `seats` of `seats[3]`. */
export function forEachOf(step: string): string | undefined {
  return /^(.*)\[\d+\]$/s.exec(step)?.[1];
}

const REPLIES: ReadonlySet<string> = new Set(['replied', 'refused', 'failed', 'broken', 'unknown']);

/** True for the reply of a participant, whatever its outcome. */
export function isReply({ kind, commandId }: EventFields): boolean {
  return REPLIES.has(kind) && commandId !== undefined;
}
