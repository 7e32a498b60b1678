import { commandIdIn, outcomeOf, whyClosed, type AnswerSince, type RedriveResult } from '../dead-letters';
import type { Topics } from '../contract';
import { hasEnded, type SagaState } from '../engine';
import { RecurringTask, type Log } from '../messaging';
import type { SagaStore } from './saga-store';
import { parseSagaEvent, parseState } from './stored-state';

const BATCH = 200;

interface LetterFatesOptions {
  /** The topics that the orchestrator reads: of its own name and of its former one. */
  readonly ownTopics: readonly Topics[];
  readonly log: Log;
  /** @default 5000 */
  readonly everyMs?: number;
}

interface Row {
  readonly id: string;
  readonly status: 'open' | 'redriven';
  readonly reason: string;
  readonly topic: string;
  readonly message_id: string | null;
  readonly value: Buffer | null;
  readonly decided_at: Date | null;
  readonly saga_id: string;
  readonly state: string;
  readonly revision: number;
}

/**
 * Closes open dead letters whose saga has passed their command or has ended, and finds out what became of redriven ones.
 * It looks at a letter again only when its saga has changed.
 */
export class LetterFates {
  private readonly task: RecurringTask;
  private readonly ownTopics: readonly Topics[];

  constructor(
    private readonly store: SagaStore,
    { ownTopics, log, everyMs = 5_000 }: LetterFatesOptions,
  ) {
    this.ownTopics = ownTopics;
    const work = (): Promise<boolean> => this.look();
    this.task = new RecurringTask({ name: 'find out what became of dead letters', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Looks at some letters; resolves with whether there may be more. */
  async look(): Promise<boolean> {
    const { dead_letter, saga } = this.store.tables;
    const { rows } = await this.store.pool.query<Row>(
      `SELECT letter.id, letter.status, letter.reason, letter.topic, letter.message_id, letter.decided_at, letter.saga_id,
              CASE WHEN letter.status = 'redriven' THEN letter.value END AS value, saga.state, saga.revision
       FROM ${dead_letter} AS letter JOIN ${saga} AS saga ON saga.id = letter.saga_id
       WHERE letter.outcome IS NULL AND letter.saga_id IS NOT NULL AND letter.status IN ('open', 'redriven')
         AND letter.seen_revision IS DISTINCT FROM saga.revision
       ORDER BY letter.id LIMIT $1`,
      [BATCH],
    );
    for (const row of rows) await (row.status === 'open' ? this.closeIfPassed(row) : this.findOutcome(row));
    return rows.length === BATCH;
  }

  private async closeIfPassed({ id, reason, topic, message_id, state, revision }: Row): Promise<void> {
    const letter = { reason, topic, messageId: message_id ?? undefined };
    const why = whyClosed(letter, standingOf(parseState(state)), this.ownTopics);
    // An operator may have decided in the meantime.
    await this.store.pool.query(
      `UPDATE ${this.store.tables.dead_letter} SET seen_revision = $2, status = CASE WHEN $3::text IS NULL THEN 'open' ELSE 'closed' END,
              decided_by = CASE WHEN $3 IS NOT NULL THEN 'the orchestrator' END, decided_because = $3,
              decided_at = CASE WHEN $3 IS NOT NULL THEN clock_timestamp() END
       WHERE id = $1 AND status = 'open'`,
      [id, revision, why ?? null],
    );
  }

  private async findOutcome({ id, topic, message_id, value, decided_at, saga_id, revision }: Row): Promise<void> {
    const commandId = commandIdIn({ topic, messageId: message_id ?? undefined, value }, this.ownTopics);
    const answers = await this.answersSince(saga_id, decided_at);
    const outcome: RedriveResult | undefined = outcomeOf(topic, commandId, answers, this.ownTopics);
    await this.store.pool.query(
      `UPDATE ${this.store.tables.dead_letter} SET seen_revision = $2, outcome = $3 WHERE id = $1 AND outcome IS NULL`,
      [id, revision, outcome ?? null],
    );
  }

  private async answersSince(sagaId: string, since: Date | null): Promise<AnswerSince[]> {
    const { rows } = await this.store.pool.query<{ event: string }>(
      `SELECT event FROM ${this.store.tables.saga_history} WHERE saga_id = $1 AND at >= $2 ORDER BY seq`,
      [sagaId, since],
    );
    return rows.flatMap(({ event: text }) => {
      const event = parseSagaEvent(text);
      return 'commandId' in event ? { commandId: event.commandId, kind: event.kind } : [];
    });
  }
}

function standingOf(state: SagaState): Parameters<typeof whyClosed>[1] {
  const commandsUnderWay = Object.values(state.steps).flatMap(({ exchange }) => exchange?.commandId ?? []);
  return { status: state.status, hasEnded: hasEnded(state), commandsUnderWay };
}
