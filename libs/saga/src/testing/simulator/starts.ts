import { ORCHESTRATOR_COMMANDS, START_SAGA, writeEnvelope } from '../../contract';
import { SWEPT_AFTER_MS } from './orchestrator-database';

/** The outbox of the service that takes orders: the starts that it has asked for and not seen acknowledged. */
export class Starts {
  private readonly rows = new Map<string, { topic: string; key: string; payload: string; createdAt: number }>();

  /** An order and its saga have the same id here. */
  ask(orderId: string, now: number): void {
    const payload = writeEnvelope({
      specversion: '1.0',
      id: orderId,
      type: START_SAGA,
      source: '/simulation',
      time: new Date(now).toISOString(),
      subject: orderId,
      datacontenttype: 'application/json',
      sagaid: orderId,
      data: { saga: 'place-order', input: { orderId } },
    });
    this.rows.set(orderId, { topic: ORCHESTRATOR_COMMANDS, key: orderId, payload, createdAt: now });
  }

  find(orderId: string): { topic: string; key: string; payload: string } | undefined {
    return this.rows.get(orderId);
  }

  delete(orderId: string): void {
    this.rows.delete(orderId);
  }

  unsent(now: number): readonly string[] {
    return [...this.rows].filter(([, { createdAt }]) => createdAt + SWEPT_AFTER_MS <= now).map(([orderId]) => orderId);
  }

  /** When the oldest of them may be swept; undefined when there is none. */
  get sweptFrom(): number | undefined {
    const [oldest] = this.rows.values();
    return oldest && oldest.createdAt + SWEPT_AFTER_MS;
  }
}
