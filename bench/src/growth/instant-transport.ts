import type { OutgoingMessage, Transport } from '@palinode/saga/orchestrator';

/** A broker that acknowledges at once, because only the database is measured. It records each saga's last command. */
export class InstantTransport implements Transport {
  private readonly last = new Map<string, string>();
  published = 0;

  /** The saga's last command; undefined when there was none. */
  lastCommandOf(sagaId: string): { id: string; sagastep: string } | undefined {
    const value = this.last.get(sagaId);
    return value === undefined ? undefined : (JSON.parse(value) as { id: string; sagastep: string });
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.published += messages.length;
    for (const { key, value } of messages) if (key !== null) this.last.set(String(key), String(value));
  }

  async ensureTopics(): Promise<void> {}

  async listTopics(): Promise<readonly string[]> {
    return [];
  }

  async subscribe(): Promise<never> {
    throw new Error('The instant transport has no subscribers.');
  }

  async messageAt(): Promise<never> {
    throw new Error('The instant transport keeps no messages.');
  }

  async progressOf(): Promise<never> {
    throw new Error('The instant transport has no groups.');
  }

  async deleteEmptyGroups(): Promise<void> {}

  async close(): Promise<void> {}
}
