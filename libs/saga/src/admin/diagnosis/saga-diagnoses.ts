import type { DeadLetterStore } from '../../dead-letters';
import { stepNamed, type DefinitionRegistry, type SagaDefinition } from '../../definition';
import { diagnose, diagnosisSummary, exposedCommands, type Diagnosis, type Situation } from '../../diagnosis';
import { hasEnded, type SagaMask, type SagaState } from '../../engine';
import type { Holds } from '../../holds';
import type { Interference, InterferenceFinder } from '../../messaging';
import type { Orchestrator } from '../../orchestrator';
import type { Instances, SagaStore } from '../../store';
import { AvailableActions } from '../available-actions';
import type { IncidentReader } from '../incidents/incident-reader';
import { maskOf } from '../mask-of';
import { noSuchSaga } from '../not-taken';
import type { SagaReader } from '../saga-reader';
import type { DiagnosisSummaryView } from './diagnosis.view';
import type { ParticipantReader } from './participant-reader';
import { unstoredAttributes } from './unstored-attributes';

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
  readonly instances: Instances;
  /** Undefined when nothing is hooked in. */
  readonly interferences: InterferenceFinder | undefined;
}

/** What a diagnosis shows beside it. */
export interface DiagnosedSaga {
  readonly state: SagaState;
  readonly revision: number;
  /** Undefined when the saga has ended. */
  readonly diagnosis: Diagnosis | undefined;
  /** Why its search attributes do not find it. */
  readonly unstoredAttributes: string | undefined;
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
    const { registry, deadLetters, participants, orchestrator, incidents } = this.parts;
    const found = await this.reader.find(id);
    if (found === undefined) throw noSuchSaga(id, await this.reader.withSubject(id));
    const { state, revision, history, attributes } = found;
    const now = Date.now();
    const available = new AvailableActions(registry, state, now);
    const alike = await incidents.ofSaga(id);
    const mask = maskOf(registry, state);
    const definition = registry.find(state.definition, state.version);
    const unstored = unstoredAttributes(definition, state, attributes);
    const shown = {
      state: mask.state,
      revision,
      available,
      alike,
      unstoredAttributes: unstored === undefined ? undefined : mask.text(unstored),
    };
    if (hasEnded(state)) return { ...shown, diagnosis: undefined };
    const [{ facts, brokerAway }, unsent, letters, interferences, instances] = await Promise.all([
      participants.find(definition ? awaitedServices(definition, state) : []),
      this.unsentOf([state]),
      deadLetters.list({ sagaId: id, status: 'open' }, undefined, MOST_LETTERS),
      this.interferencesWith([state]),
      isDefinitionMissing(state, definition) ? this.instancesFor(state) : undefined,
    ]);
    const diagnosis = diagnose({
      ...this.knownOf(state, now),
      changedAt: history.at(-1)?.at ?? state.startedAt,
      participants: facts,
      brokerAway,
      unsent,
      interferences,
      instances,
      deadLetters: letters,
      problem: orchestrator.check(),
    });
    return { ...shown, diagnosis: diagnosis && maskedDiagnosis(diagnosis, mask) };
  }

  /**
   * Returns why each of these sagas stands where it stands, without those that have ended. Asks neither the broker nor for
   * dead letters, and takes one query, so that lists can show it.
   */
  async summaries(states: readonly SagaState[]): Promise<ReadonlyMap<string, DiagnosisSummaryView>> {
    const { registry, participants } = this.parts;
    const now = Date.now();
    const open = states.filter((state) => !hasEnded(state));
    const [unsent, interferences] = await Promise.all([this.unsentOf(open), this.interferencesWith(open)]);
    const summaries = open.flatMap((state): [string, DiagnosisSummaryView][] => {
      const definition = registry.find(state.definition, state.version);
      const facts = participants.known(definition ? awaitedServices(definition, state) : []);
      const situation = { ...this.knownOf(state, now), participants: facts, unsent, interferences, deadLetters: [] };
      const summary = diagnosisSummary(situation);
      const mask = maskOf(registry, state);
      return summary ? [[state.id, { ...summary, summary: mask.text(summary.summary) }]] : [];
    });
    return new Map(summaries);
  }

  /** The part of its situation that this instance knows by itself. */
  private knownOf(
    state: SagaState,
    now: number,
  ): Pick<Situation, 'state' | 'definition' | 'now' | 'changedAt' | 'held' | 'holdOn'> {
    const { registry, holds } = this.parts;
    const definition = registry.find(state.definition, state.version);
    return {
      state,
      definition,
      now,
      changedAt: state.startedAt,
      held: definition && holds.heldOf(definition),
      holdOn: (step, at) => definition && holds.holdOn(definition, step, at),
    };
  }

  /** Since when commands of these sagas wait in the outbox. */
  private async unsentOf(states: readonly SagaState[]): Promise<ReadonlyMap<string, number>> {
    const ids = states.flatMap(({ steps }) =>
      Object.values(steps).flatMap(({ exchange }) => (exchange?.waitsFor === 'reply' ? exchange.commandId : [])),
    );
    if (ids.length === 0) return new Map();
    const { pool, tables } = this.parts.store;
    const { rows } = await pool.query<{ id: string; at: number }>(
      `SELECT id, (extract(epoch FROM created_at) * 1000)::float8 AS at FROM ${tables.outbox} WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ id, at }) => [id, at]));
  }

  private async interferencesWith(
    states: readonly SagaState[],
  ): Promise<ReadonlyMap<string, readonly Interference[]> | undefined> {
    const { registry, interferences } = this.parts;
    if (interferences === undefined) return undefined;
    const commands = states.flatMap((state) => {
      const definition = registry.find(state.definition, state.version);
      return definition ? exposedCommands(definition, state) : [];
    });
    return interferences.find(commands);
  }

  private instancesFor({ definition: name, version }: SagaState): Promise<readonly string[]> {
    return this.parts.instances.having({ name, version });
  }
}

function isDefinitionMissing({ pause }: SagaState, definition: SagaDefinition | undefined): boolean {
  return definition === undefined || pause?.reason === 'definition-missing';
}

/** A failure or a reason may quote the saga's data. */
function maskedDiagnosis(diagnosis: Diagnosis, mask: SagaMask): Diagnosis {
  const { summary, because } = diagnosis;
  return { ...diagnosis, summary: mask.text(summary), because: because.map((fact) => mask.text(fact)) };
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
