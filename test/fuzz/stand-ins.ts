/*
 * Ids that a message of the fuzz stands on are those of one run: of orders that were placed in it, and of the instant. So a
 * message is kept with stand-ins, which have the form of such ids, and gets the real ones when it is sent.
 */
import { v7 } from 'uuid';

/** What of an order that the fuzz may harm. */
export interface Target {
  readonly orderId: string;
  readonly sagaId: string;
  /** Of its saga: the latest command, which may not be answered yet. */
  readonly commandId: string;
}

const KINDS = { fresh: 'a0', saga: 'b0', command: 'b1', order: 'b2' } as const;
type Kind = keyof typeof KINDS;

const PREFIX = '01900000-0000-7000-8000-0000';
const STAND_IN = new RegExp(`${PREFIX}(${Object.values(KINDS).join('|')})([0-9a-f]{6})`, 'gi');

/** Stands for an id that is made when the message is sent, or for one of the n-th target. */
export function standIn(kind: Kind, n: number): string {
  return `${PREFIX}${KINDS[kind]}${n.toString(16).padStart(6, '0')}`;
}

/** Puts real ids in the places of stand-ins, the same for the same stand-in. Upper case stays upper case. */
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

/** The other way round: what was seen of a target reads as a message of any run. */
export function withStandIns(text: string, targets: readonly Target[]): string {
  let result = text;
  for (const [n, { orderId, sagaId }] of targets.entries())
    result = result.replaceAll(orderId, standIn('order', n)).replaceAll(sagaId, standIn('saga', n));
  return result;
}
