/* What a hold is, and which commands of a definition it applies to. */
import { commandsOf, stepsOf, type SagaDefinition } from '../definition';

/** The commands that a hold applies to: of a service, one command of it, or those of one step. */
export type HoldWhere =
  | { readonly service: string; readonly command?: string | undefined }
  | { readonly definition: string; readonly version?: number | undefined; readonly step: string };

/** Placed by an operator; or by the orchestrator, because no reply arrives or many commands fail. */
export const HOLD_CAUSES = ['by-hand', 'silence', 'failures'] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

/** Why commands are held, since when, and by whom. Instants are milliseconds since 1970. */
export interface Hold {
  readonly id: string;
  readonly where: HoldWhere;
  readonly reason: string;
  readonly cause: HoldCause;
  readonly by: string;
  readonly at: number;
  readonly expiresAt?: number | undefined;
  readonly probes: number;
  /** When the orchestrator probes the participant next; of holds that it placed itself. */
  readonly probeAt?: number | undefined;
  readonly ended?: EndedHold | undefined;
}

/**
 * Who ended a hold and why, and how many sagas per second each instance releases; when absent, as many as are answered.
 */
export interface EndedHold {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  readonly rate?: number | undefined;
}

/** The keys by which these holds apply to sagas of this definition: types of commands, and names of steps. */
export function heldKeys(holds: readonly Hold[], definition: SagaDefinition): readonly string[] {
  const keys = new Set<string>();
  for (const { where } of holds) {
    if ('service' in where) {
      for (const { service, name, type } of commandsOf(definition))
        if (service === where.service && (where.command === undefined || where.command === name)) keys.add(type);
    } else if (where.definition === definition.name && (where.version ?? definition.version) === definition.version) {
      if (stepsOf(definition).some(({ name }) => name === where.step)) keys.add(where.step);
    }
  }
  return [...keys];
}

/** Whether two holds apply to the same commands. */
export function isSameWhere(a: HoldWhere, b: HoldWhere): boolean {
  return whereKey(a) === whereKey(b);
}

/** A text that identifies the place of a hold, for a unique index. */
export function whereKey(where: HoldWhere): string {
  return 'service' in where
    ? `service ${where.service} ${where.command ?? '*'}`
    : `step ${where.definition} ${where.version ?? '*'} ${where.step}`;
}
