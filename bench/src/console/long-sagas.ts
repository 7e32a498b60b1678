/* Sagas with a long history, and sagas with many branches, for the console to show. */
import { Logger } from '@nestjs/common';
import { defineSaga, type OutgoingMessage } from '@palinode/saga/orchestrator';
import { DefinitionRegistry, SagaRunner, type SagaEvent, type SagaStore } from '@palinode/saga/internal';
import { v7 as uuidV7 } from 'uuid';
import { patientPurchase } from '../growth/definitions';
import { InstantTransport } from '../growth/instant-transport';
import { approve, buy, pick, putBack, reject } from '../targets/saga/contracts';

const orderOf = ({ input: { orderId } }: { input: { orderId: string } }): { orderId: string } => ({ orderId });

/** Picks each unit of an order by itself, all at once. */
export const pickEach = defineSaga({ ...buy, name: 'pick-each', version: 1, deadline: '30d' })
  .compensation('order', { invoke: reject, payload: orderOf, timeout: '1d' })
  .forEach(
    'picking',
    ({ input: { quantity } }) => Array.from({ length: quantity }, (_, n) => n + 1),
    (each) => {
      const payload = ({ input: { orderId }, item }: { input: { orderId: string }; item: number }) => ({
        orderId,
        place: item,
      });
      return each.compensatable({
        invoke: pick,
        payload,
        compensation: { invoke: putBack, payload, timeout: '1d' },
        timeout: '1d',
      });
    },
    { concurrency: 1_000 },
  )
  .retriable('approval', { invoke: approve, payload: orderOf, timeout: '1d' })
  .build();

interface Sent {
  readonly id: string;
  readonly sagastep: string;
}

/** Keeps every command, so that any of them can be answered. */
class KeepingTransport extends InstantTransport {
  private readonly sent = new Map<string, Sent[]>();

  commandsOf(sagaId: string): readonly Sent[] {
    return this.sent.get(sagaId) ?? [];
  }

  override async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    for (const { key, value } of messages) {
      const commands = this.sent.get(String(key)) ?? [];
      this.sent.set(String(key), [...commands, JSON.parse(String(value)) as Sent]);
    }
    await super.publish(messages);
  }
}

/** Makes such sagas with the orchestrator's own code, and adds entries to them. */
export class LongSagas {
  private readonly transport = new KeepingTransport();
  private readonly runner: SagaRunner;

  constructor(store: SagaStore) {
    const registry = new DefinitionRegistry([patientPurchase, pickEach]);
    this.runner = new SagaRunner({ registry, store, transport: this.transport, log: new Logger('console') });
  }

  /** Makes a saga that is paused and resumed by turns until its history has this many entries. Resolves with its id. */
  async pausing(entries: number): Promise<string> {
    const sagaId = await this.begin('patient-purchase', 1);
    for (const [step, reply] of [
      ['stock', undefined],
      ['payment', { authorizationId: sagaId }],
    ] as const)
      await this.advance(sagaId, { kind: 'replied', ...this.lastCommandOf(sagaId), from: step, reply });
    for (let entry = 4; entry <= entries; entry += 1) await this.goOn(sagaId, entry);
    return sagaId;
  }

  /** Adds the entry of this number to the saga that `pausing` made. */
  async goOn(sagaId: string, entry: number): Promise<void> {
    const kind = entry % 2 === 0 ? 'pause' : 'resume';
    await this.advance(sagaId, { kind, by: 'ada', reason: 'the printer is away' });
  }

  /** Makes a saga with this many branches, half of which have ended. Resolves with its id. */
  async branching(branches: number): Promise<string> {
    const sagaId = await this.begin('pick-each', branches);
    const commands = this.transport.commandsOf(sagaId);
    for (const { id: commandId, sagastep: step } of commands.slice(0, branches / 2))
      await this.advance(sagaId, {
        kind: 'replied',
        commandId,
        step,
        direction: 'action',
        from: 'stock',
        reply: undefined,
      });
    return sagaId;
  }

  close(): Promise<void> {
    return this.runner.deleteAcknowledged();
  }

  private async begin(definition: string, quantity: number): Promise<string> {
    const sagaId = uuidV7();
    const input = { orderId: sagaId, sku: 'sku-7', quantity, amountCents: 4_200, token: 'tok_ok' };
    await this.advance(sagaId, { kind: 'started', sagaId, definition, version: 1, subject: `order-${sagaId}`, input });
    return sagaId;
  }

  private lastCommandOf(sagaId: string) {
    const { id: commandId = '', sagastep: step = '' } = this.transport.commandsOf(sagaId).at(-1) ?? {};
    return { commandId, step, direction: 'action' as const };
  }

  private async advance(sagaId: string, event: SagaEvent): Promise<void> {
    await this.runner.advance([{ sagaId, event }]);
  }
}
