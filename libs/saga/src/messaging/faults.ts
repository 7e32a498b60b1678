/*
 * The points at which faults on demand may apply. Only the points are here. The rules are in the layer `faults`, which
 * a production build does not have; without it each point costs one comparison.
 */
import { isOfSagas, isUuid, type Command, type Envelope, type Refusal, type Reply } from '../contract';
import type { CommandContract, Direction } from '../contract';
import type { Transport } from './transport';

/** Points on a message's way through a service, in their order. */
export const FAULT_POINTS = [
  'received',
  'before-handler',
  'before-commit',
  'after-commit',
  'before-publish',
  'after-publish',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** What is known of a message at a point. */
export interface FaultTarget {
  /** Of a reply, the id of the command that it answers. */
  readonly messageId: string;
  readonly sagaId: string;
  readonly subject?: string | undefined;
  /** Without its version; of a reply, the command that it answers. */
  readonly command: string;
  readonly direction?: Direction | undefined;
  readonly attempt?: number | undefined;
  /** The faults that were requested for this saga only. */
  readonly fault?: string | undefined;
}

/** Faults on demand, as the layers below see them. */
export interface Faults {
  /** The transport, with faults in the messages that it sends and receives. */
  around(transport: Transport): Transport;
  /** Applies a matching rule at this point: may delay, throw, or return a refusal in the handler's place. */
  strike(point: FaultPoint, target: FaultTarget): Promise<Refusal | undefined>;
  /** Validates faults that were requested for one saga. Throws when they are invalid. */
  check(fault: string): void;
}

/** Provides {@link Faults} to the modules of the library; absent in production. */
export const FAULTS = Symbol.for('palinode.faults');

/** A fault that was applied, as the saga's history records it. */
export interface FaultNote {
  readonly hitId: string;
  readonly service: string;
  readonly point: FaultPoint;
  readonly effect: string;
  readonly command: string;
  readonly messageId: string;
}

/** What the service in which faults are set needs of the orchestrator. */
export interface FaultRecorder {
  /** The commands of all definitions, and in which directions they go. */
  readonly commands: readonly { readonly contract: CommandContract; readonly directions: readonly Direction[] }[];
  /** Writes it into the saga's history, once; false while the saga does not exist. */
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

/** Whether messages of this topic pass fault points: commands, replies and starts, but not dead letters or events. */
export function passesFaultPoints(topic: string): boolean {
  return isOfSagas(topic);
}
