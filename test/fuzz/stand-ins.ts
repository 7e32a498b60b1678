/*
 * The ids in a message of the fuzz belong to one run: those of its orders, and new ones with the present time. Messages
 * are therefore stored with stand-ins, which look like ids, and get the real ones when they are sent.
 */
import { v7 } from 'uuid';

/** The ids of an order that the fuzz may affect. */
export interface Target {
  readonly orderId: string;
  readonly sagaId: string;
  /** The latest command of its saga, which may not be answered yet. */
  readonly commandId: string;
}

const KINDS = { fresh: 'a0', saga: 'b0', command: 'b1', order: 'b2' } as const;
type Kind = keyof typeof KINDS;

const PREFIX = '01900000-0000-7000-8000-0000';
const STAND_IN = new RegExp(`${PREFIX}(${Object.values(KINDS).join('|')})([0-9a-f]{6})`, 'gi');

/** A stand-in for an id that is created when the message is sent, or for an id of the n-th target. */
export function standIn(kind: Kind, n: number): string {
  return `${PREFIX}${KINDS[kind]}${n.toString(16).padStart(6, '0')}`;
}

/** Replaces stand-ins with real ids, consistently. Upper case stays upper case. */
export class RealIds {
  private readonly fresh = new Map<number, string>();

  constructor(private readonly targets: readonly Target[]) {}

  in(bytes: Buffer): Buffer {
    const text = bytes.toString('latin1');
    if (!text.toLowerCase().includes(PREFIX)) return bytes;
    const real = text.replaceAll(STAND_IN, (found: string, kind: string, n: string) => {
      const id = this.of(kind.toLowerCase(), Number.parseInt(n, 16));
      return found === found.toLowerCase() ? id : id.toUpperCase();
    });
    return Buffer.from(real, 'latin1');
  }

  private of(kind: string, n: number): string {
    const target = this.targets[n % Math.max(1, this.targets.length)];
    if (kind === KINDS.saga && target) return target.sagaId;
    if (kind === KINDS.command && target) return target.commandId;
    if (kind === KINDS.order && target) return target.orderId;
    const made = this.fresh.get(n) ?? v7();
    this.fresh.set(n, made);
    return made;
  }
}

/** The reverse: replaces the ids of a target with stand-ins, so that an observed message fits any run. */
export function withStandIns(text: string, targets: readonly Target[]): string {
  let result = text;
  for (const [n, { orderId, sagaId }] of targets.entries())
    result = result.replaceAll(orderId, standIn('order', n)).replaceAll(sagaId, standIn('saga', n));
  return result;
}
