/** Why a saga stands where it stands. Programs may compare them; they do not change within a major version. */
export const DIAGNOSIS_CODES = [
  // The saga waits, and continues by itself.
  'waiting-for-reply',
  'waiting-for-signal',
  'waiting-for-child',
  'backing-off',
  'compensation-failing',
  'held',
  // Something on its way is missing.
  'broker-away',
  'fault-armed',
  'not-relayed',
  'no-consumer',
  'lagging',
  'participant-silent',
  'dead-letter',
  'timers-late',
  // It is paused, and needs a person.
  'paused-by-operator',
  'needs-attention',
  'pivot-unanswered',
  'outcome-unknown',
  'broken-contract',
  'unfinished',
  'action-forgotten',
  'definition-missing',
  'invalid-input',
  'invalid-payload',
  'invalid-definition',
  'engine-fault',
] as const;

export type DiagnosisCode = (typeof DIAGNOSIS_CODES)[number];

/** The code where something that is hooked in, such as a fault on demand, explains what was found. */
export const INTERFERED = 'fault-armed' satisfies DiagnosisCode;

/** Something that the engine will do, and when. */
export interface Expected {
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a step has done to the world, as far as the orchestrator knows. */
export interface StepEffect {
  readonly step: string;
  readonly command: string;
  /** `unknown`: it may have taken effect; `under-way`: its command is sent, and not answered. */
  readonly effect: 'done' | 'compensated' | 'none' | 'unknown' | 'under-way' | 'kept';
}

/** Why a saga stands where it stands, in short. */
export interface DiagnosisSummary {
  readonly code: DiagnosisCode;
  /** One sentence. */
  readonly summary: string;
  /** The step that it is about. */
  readonly step?: string | undefined;
}

/** Why a saga stands where it stands, and what happens next. */
export interface Diagnosis extends DiagnosisSummary {
  /** Since when it stands like this, in milliseconds since 1970. */
  readonly since: number;
  /** The facts behind the summary, the most important first. */
  readonly because: readonly string[];
  /** What the orchestrator does next if nothing arrives meanwhile; undefined when it does nothing by itself. */
  readonly next?: Expected | undefined;
  /** What it does after that. */
  readonly afterwards?: Expected | undefined;
  readonly effects: readonly StepEffect[];
}
