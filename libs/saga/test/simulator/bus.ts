import { ACKNOWLEDGEMENTS } from '../../src/contract';
import type { IncomingMessage } from '../../src/messaging';
import { SERVICES, type Service } from './shop';

export type Role = Service | 'orchestrator';
export const ROLES: readonly Role[] = ['orchestrator', ...SERVICES];

/** The messages on their way, by who takes them. What a process has taken comes back if it dies before it is done. */
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

  /** Takes one message out of its turn, and those behind it in turn. */
  take(role: Role, first: number, count: number): readonly IncomingMessage[] {
    return this.of(role).splice(first, count);
  }

  /** Nobody is done with these: they come again, before all others. */
  giveBack(messages: readonly IncomingMessage[]): void {
    for (const message of messages.toReversed()) this.of(roleOf(message.topic)).unshift(message);
  }
}

function roleOf(topic: string): Role {
  // All services hear what is acknowledged; only this one has asked.
  if (topic === ACKNOWLEDGEMENTS) return 'order';
  return SERVICES.find((service) => topic === `${service}.commands`) ?? 'orchestrator';
}
