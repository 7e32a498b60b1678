/* What this program reads of the admin API's answers; the API's OpenAPI document describes them in full. */

export interface SagaSummary {
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  readonly status: 'RUNNING' | 'COMPENSATING' | 'PAUSED' | 'COMPLETED' | 'COMPENSATED';
  readonly subject?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly held: boolean;
  readonly diagnosis?: { readonly code: string; readonly summary: string; readonly step?: string };
  readonly cause?: { readonly kind: string; readonly step?: string; readonly reason: string; readonly detail?: string };
  readonly pause?: { readonly reason: string; readonly detail: string; readonly step?: string };
  readonly standsAt: readonly { readonly name: string; readonly attempt?: number; readonly attempts?: number }[];
  readonly lastFailure?: { readonly step: string; readonly reason: string; readonly detail?: string };
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface StepView {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly command?: string;
  readonly attempt?: number;
  readonly sends?: number;
  readonly availableActions: readonly string[];
}

export interface HistoryView {
  readonly seq: number;
  readonly at: string;
  readonly event: { readonly kind: string; readonly step?: string; readonly signal?: string };
  readonly sent: readonly { readonly command: string; readonly again: boolean }[];
  readonly ignored?: string;
}

/** What an action on one saga would do. */
export interface ActionPreviewView {
  readonly id: string;
  readonly statusAfter: SagaSummary['status'];
  readonly commands: readonly {
    readonly command: string;
    readonly direction: string;
    readonly attempt: number;
    readonly again: boolean;
  }[];
}

export interface SagaDetail extends SagaSummary {
  readonly availableActions: readonly string[];
  readonly steps: readonly StepView[];
  readonly history: readonly HistoryView[];
  readonly deadLetters: readonly { readonly id: string }[];
}

export interface DiagnosisView {
  readonly status: SagaSummary['status'];
  readonly code: string;
  readonly summary: string;
  readonly since: string;
  readonly because: readonly string[];
  readonly next?: { readonly what: string; readonly at: string };
  readonly afterwards?: { readonly what: string; readonly at: string };
  readonly effects: readonly { readonly step: string; readonly command: string; readonly effect: string }[];
  readonly alike?: { readonly incident: string; readonly count: number };
  readonly actions: readonly { readonly action: string; readonly step?: string }[];
}

export interface IncidentView {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly definition: string;
  readonly step?: string;
  readonly command?: string;
  readonly error?: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly pastPivot: number;
  readonly deadLetters: number;
  readonly remedy: { readonly text: string; readonly action?: string };
}

export interface HoldView {
  readonly id: string;
  readonly where: Readonly<Record<string, string | number | undefined>>;
  readonly reason: string;
  readonly cause: string;
  readonly by: string;
  readonly since: string;
  readonly waiting: { readonly sagas: number };
}

export interface DeadLetterGroupView {
  readonly id: string;
  readonly reason: string;
  readonly service: string;
  readonly topic: string;
  readonly type?: string;
  readonly count: number;
  readonly last: string;
}

export interface BulkActionView {
  readonly id: string;
  readonly action: string;
  readonly operator: string;
  readonly reason: string;
  readonly status: string;
  readonly why?: string;
  readonly total: number;
  readonly items: Readonly<Record<'pending' | 'done' | 'skipped' | 'failed', number>>;
  readonly outcomes: Readonly<Record<'pending' | 'asMeant' | 'otherwise', number>>;
}

export interface DryRunView {
  readonly matched: number;
  /** How many of them were tried: of many, the oldest. */
  readonly tried: number;
  readonly effective: number;
  readonly skipped: readonly { readonly reason: string; readonly detail: string; readonly count: number }[];
  readonly commands: readonly { readonly command: string; readonly direction: string; readonly count: number }[];
}

interface PendingView {
  readonly count: number;
  readonly oldest?: string;
}

export interface OverviewView {
  readonly at: string;
  readonly definitions: readonly {
    readonly definition: string;
    readonly inFlight: number;
    readonly oldestStartedAt?: string;
    readonly lastHour: {
      readonly started: number;
      readonly completed: number;
      readonly compensated: number;
      readonly p50?: number;
      readonly p99?: number;
      readonly slowestStep?: { readonly step: string; readonly p99: number };
      readonly compensatedBy: readonly { readonly cause: string; readonly step?: string; readonly count: number }[];
    };
  }[];
  readonly services: readonly {
    readonly service: string;
    readonly instances?: readonly object[];
    readonly lag?: number;
    readonly lastReplyAt?: string;
    readonly slowestHandler?: { readonly command: string; readonly p99: number };
    readonly holds: readonly HoldView[];
  }[];
  readonly orchestrator: {
    readonly status: 'ok' | 'error';
    readonly problem?: string;
    readonly instances: readonly {
      readonly definitions: readonly {
        readonly definition: string;
        readonly version: number;
        readonly fingerprint: string;
      }[];
    }[];
  };
  readonly broker: { readonly status: 'up' | 'down'; readonly problem?: string };
  readonly database: { readonly commitMs?: number };
  readonly holds: readonly HoldView[];
  readonly heldSagas: number;
  readonly incidents: { readonly incidents: number; readonly sagas: number };
  readonly deadLetters: PendingView;
  readonly outbox: PendingView;
  readonly overdueTimers: PendingView;
}

export interface FaultView {
  readonly id: string;
  readonly service: string;
  readonly command?: string;
  readonly subject?: string;
  readonly attempt?: number;
  readonly point: string;
  readonly effect: { readonly type: string };
  readonly count?: number;
  readonly hits: number;
  readonly expiresAt?: string;
}

export interface FaultHitView {
  readonly at: string;
  readonly effect: string;
  readonly point: string;
  readonly command: string;
  readonly sagaId: string;
}

export interface FaultCatalogView {
  readonly commands: readonly {
    readonly name: string;
    readonly directions: readonly string[];
    readonly refusals: readonly string[];
  }[];
  readonly points: readonly string[];
  /** By effect, where it strikes unless a fault says. */
  readonly usualPoints: Readonly<Record<string, string>>;
  /** By role and point, the effects. */
  readonly possible: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
