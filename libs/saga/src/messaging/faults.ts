/*
 * Where faults on demand may strike. Only the places are here; what strikes is on the floor `faults`, which a production
 * build does not have, and without it every place costs one comparison.
 */
import { isOfSagas, isUuid, type Command, type Envelope, type Refusal, type Reply } from '../contract';
import type { CommandContract, Direction } from '../contract';
import type { Transport } from './transport';

/** Places on a message's way through a service, in their order. */
export const FAULT_POINTS = [
  'received',
  'before-handler',
  'before-commit',
  'after-commit',
  'before-publish',
  'after-publish',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** What is known at a point of the message that passes it. */
export interface FaultTarget {
  /** Of a reply, the id of the command that it answers. */
  readonly messageId: string;
  readonly sagaId: string;
  readonly subject?: string | undefined;
  /** Without its version; of a reply, the command that it answers. */
  readonly command: string;
  readonly direction?: Direction | undefined;
  readonly attempt?: number | undefined;
  /** What was asked for this saga alone. */
  readonly fault?: string | undefined;
}

/** Faults on demand, as the floors under them know them. */
export interface Faults {
  /** The transport, with faults in what comes and goes. */
  around(transport: Transport): Transport;
  /** Strikes here if a rule says so: may take its time, throw, or answer with a refusal in the handler's place. */
  strike(point: FaultPoint, target: FaultTarget): Promise<Refusal | undefined>;
  /** Checks faults that were asked for one saga. Throws when they cannot be understood. */
  check(fault: string): void;
}

/** Provides {@link Faults} to the modules of the library; absent in production. */
export const FAULTS = Symbol.for('palinode.faults');

/** A fault that struck, as the saga's history keeps it. */
export interface FaultNote {
  readonly hitId: string;
  readonly service: string;
  readonly point: FaultPoint;
  readonly effect: string;
  readonly command: string;
  readonly messageId: string;
}

/** What the place where faults are armed asks of the orchestrator. */
export interface FaultRecorder {
  /** The commands of all definitions, and in which directions they go. */
  readonly commands: readonly { readonly contract: CommandContract; readonly directions: readonly Direction[] }[];
  /** Writes it into the saga's history, once; false while there is no such saga. */
  note(sagaId: string, note: FaultNote): Promise<boolean>;
}

/** Provides the {@link FaultRecorder}. */
export const FAULT_RECORDER = Symbol.for('palinode.fault-recorder');

export function faultTarget(envelope: Envelope): FaultTarget {
  const { id, sagaid, subject, type } = envelope;
  const { inreplyto, sagadirection, sagaattempt, sagafault } = envelope as Partial<Command & Reply>;
  return {
    messageId: isUuid(inreplyto) ? inreplyto : id,
    sagaId: sagaid,
    subject,
    command: type.replace(/(\.reply)?\.v\d+$/, ''),
    direction: sagadirection,
    attempt: sagaattempt,
    fault: sagafault,
  };
}

/** Whether messages of this topic pass fault points: commands, replies and starts, not what is parked or told to all. */
export function passesFaultPoints(topic: string): boolean {
  return isOfSagas(topic);
}
