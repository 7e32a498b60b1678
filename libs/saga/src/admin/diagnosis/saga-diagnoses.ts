import type { DeadLetterStore } from '../../dead-letters';
import { stepNamed, type DefinitionRegistry, type SagaDefinition } from '../../definition';
import { diagnose, type Diagnosis } from '../../diagnosis';
import { hasEnded, type SagaState } from '../../engine';
import type { Holds } from '../../holds';
import type { Orchestrator } from '../../orchestrator';
import type { SagaStore } from '../../store';
import { AvailableActions } from '../available-actions';
import type { IncidentReader } from '../incidents/incident-reader';
import { noSuchSaga } from '../not-taken';
import type { SagaReader } from '../saga-reader';
import type { ParticipantReader } from './participant-reader';

/** More dead letters of one saga than this do not change its diagnosis. */
const MOST_LETTERS = 20;

interface SagaDiagnosesParts {
  readonly registry: DefinitionRegistry;
  readonly store: SagaStore;
  readonly holds: Holds;
  readonly deadLetters: DeadLetterStore;
  readonly participants: ParticipantReader;
  readonly orchestrator: Orchestrator;
  readonly incidents: IncidentReader;
}

/** What a diagnosis shows beside it. */
export interface DiagnosedSaga {
  readonly state: SagaState;
  readonly revision: number;
  /** Undefined when the saga has ended. */
  readonly diagnosis: Diagnosis | undefined;
  readonly available: AvailableActions;
  /** The incident that it is in, and how many sagas that has. */
  readonly alike: { readonly incident: string; readonly count: number } | undefined;
}

/** Reads what a diagnosis is made from. */
export class SagaDiagnoses {
  constructor(
    private readonly reader: SagaReader,
    private readonly parts: SagaDiagnosesParts,
  ) {}

  /** Throws 404 when no saga has this id. */
  async find(id: string): Promise<DiagnosedSaga> {
    const { registry, holds, deadLetters, participants, orchestrator, incidents } = this.parts;
    const found = await this.reader.find(id);
    if (found === undefined) throw noSuchSaga(id, await this.reader.withSubject(id));
    const { state, revision, history } = found;
    const now = Date.now();
    const available = new AvailableActions(registry, state, now);
    const alike = await incidents.ofSaga(id);
    if (hasEnded(state)) return { state, revision, available, alike, diagnosis: undefined };
    const definition = registry.find(state.definition, state.version);
    const [facts, unsent, letters] = await Promise.all([
      participants.find(definition ? awaitedServices(definition, state) : []),
      this.unsentOf(state),
      deadLetters.list({ sagaId: id, status: 'open' }, undefined, MOST_LETTERS),
    ]);
    const diagnosis = diagnose({
      state,
      definition,
      now,
      changedAt: history.at(-1)?.at ?? state.startedAt,
      held: definition && holds.heldOf(definition),
      holdOn: (step, at) => definition && holds.holdOn(definition, step, at),
      participants: facts,
      unsent,
      deadLetters: letters,
      problem: orchestrator.check(),
    });
    return { state, revision, available, alike, diagnosis };
  }

  /** Since when the saga's commands wait in the outbox. */
  private async unsentOf({ steps }: SagaState): Promise<ReadonlyMap<string, number>> {
    const ids = Object.values(steps).flatMap(({ exchange }) =>
      exchange?.waitsFor === 'reply' ? exchange.commandId : [],
    );
    if (ids.length === 0) return new Map();
    const { pool, tables } = this.parts.store;
    const { rows } = await pool.query<{ id: string; at: number }>(
      `SELECT id, (extract(epoch FROM created_at) * 1000)::float8 AS at FROM ${tables.outbox} WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ id, at }) => [id, at]));
  }
}

/** The participants whose replies the saga waits for. */
function awaitedServices(definition: SagaDefinition, { steps }: SagaState): readonly string[] {
  const services = Object.entries(steps).flatMap(([name, { exchange }]) => {
    const step = stepNamed(definition, name);
    if (exchange?.waitsFor !== 'reply' || step?.child) return [];
    return step?.[exchange.direction]?.command.service ?? [];
  });
  return [...new Set(services)];
}
