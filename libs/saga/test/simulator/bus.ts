import { ACKNOWLEDGEMENTS } from '../../src/contract';
import type { IncomingMessage } from '../../src/messaging';
import { SERVICES, type Service } from './shop';

export type Role = Service | 'orchestrator';
export const ROLES: readonly Role[] = ['orchestrator', ...SERVICES];

/** The messages in flight, by consumer. A dead process returns the messages that it took and did not finish. */
export class Bus {
  private readonly waiting = new Map<Role, IncomingMessage[]>(ROLES.map((role) => [role, []]));

  publish(topic: string, key: string, text: string): IncomingMessage {
    const message = { topic, partition: 0, offset: '0', key: Buffer.from(key), value: Buffer.from(text) };
    this.of(roleOf(topic)).push(message);
    return message;
  }

  of(role: Role): IncomingMessage[] {
    return this.waiting.get(role) as IncomingMessage[];
  }

  /** Takes one message out of order, and the following ones in order. */
  take(role: Role, first: number, count: number): readonly IncomingMessage[] {
    return this.of(role).splice(first, count);
  }

  /** Returns unfinished messages: they are redelivered before all others. */
  redeliver(messages: readonly IncomingMessage[]): void {
    for (const message of messages.toReversed()) this.of(roleOf(message.topic)).unshift(message);
  }
}

function roleOf(topic: string): Role {
  // All services receive acknowledgements; only this one sends starts.
  if (topic === ACKNOWLEDGEMENTS) return 'order';
  return SERVICES.find((service) => topic === `${service}.commands`) ?? 'orchestrator';
}
