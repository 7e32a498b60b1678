import { ORCHESTRATOR_COMMANDS, START_SAGA, writeEnvelope } from '../../contract';
import { SWEPT_AFTER_MS } from './orchestrator-database';

/** A saga that is asked for. An order and its saga have the same id here. */
export interface Asked {
  readonly id: string;
  readonly saga: 'place-order' | 'book-trip';
  readonly input: object;
}

/** The outbox of the service that takes orders: the starts that it has asked for and not seen acknowledged. */
export class Starts {
  private readonly rows = new Map<string, { topic: string; key: string; payload: string; createdAt: number }>();

  ask({ id, saga, input }: Asked, now: number): void {
    const payload = writeEnvelope({
      specversion: '1.0',
      id,
      type: START_SAGA,
      source: '/simulation',
      time: new Date(now).toISOString(),
      subject: id,
      datacontenttype: 'application/json',
      sagaid: id,
      data: { saga, input },
    });
    this.rows.set(id, { topic: ORCHESTRATOR_COMMANDS, key: id, payload, createdAt: now });
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
