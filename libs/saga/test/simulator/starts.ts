/*
 * The starts that the ordering service stores (messaging/outbox.ts): those that it has not
 * published, and those that the orchestrator has not acknowledged.
 */
import {
  cloudEvent,
  ORCHESTRATOR_COMMANDS,
  sourceOf,
  START_SAGA,
  writeEnvelope,
  type StartSaga,
} from '../../src/contract';
import { SWEPT_AFTER_MS } from './orchestrator-database';

const RESENT_AFTER_MS = 30_000;

/** A saga to start. An order, its saga and its start share one id here. */
export interface RequestedStart {
  readonly id: string;
  readonly saga: 'place-order' | 'book-trip';
  readonly input: object;
}

interface Start {
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
  /** When it is published by the next poll, possibly again. */
  readonly dueAt: number;
}

export class Starts {
  private readonly rows = new Map<string, Start>();

  get isEmpty(): boolean {
    return this.rows.size === 0;
  }

  request({ id, saga, input }: RequestedStart, now: number): void {
    const source = sourceOf('order');
    const data = { saga, input };
    const start = { id, type: START_SAGA, source, subject: id, sagaid: id, data };
    const payload = writeEnvelope(cloudEvent<StartSaga>(new Date(now), start));
    this.rows.set(id, { topic: ORCHESTRATOR_COMMANDS, key: id, payload, dueAt: now + SWEPT_AFTER_MS });
  }

  find(id: string): Start | undefined {
    return this.rows.get(id);
  }

  /** Marks it as published; without an acknowledgement it is published again. */
  markPublished(id: string, now: number): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, dueAt: now + RESENT_AFTER_MS });
  }

  /** Deletes the starts that the orchestrator has acknowledged. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) this.rows.delete(id);
  }

  due(now: number): readonly string[] {
    return [...this.rows].filter(([, { dueAt }]) => dueAt <= now).map(([id]) => id);
  }

  /** When the first of them is due; undefined when there is none. */
  get nextDue(): number | undefined {
    const instants = [...this.rows.values()].map(({ dueAt }) => dueAt);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }
}
