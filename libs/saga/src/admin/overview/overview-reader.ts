import { commandsOf, type DefinitionRegistry } from '../../definition';
import type { Hold, Holds, ParticipantHealth } from '../../holds';
import type { GroupProgress, MemberProgress } from '../../messaging';
import type { Orchestrator } from '../../orchestrator';
import { sumOf, type Counts, type OpenSagas, type StatisticsStore, type StepCounts } from '../../statistics';
import type { Instance, Instances } from '../../store';
import { holdViewOf } from '../holds/present-hold';
import { time } from '../time';
import type { BrokerFacts, BrokerReader } from './broker-reader';
import type {
  DefinitionOverviewView,
  LastHourView,
  OpenVersionView,
  OrchestratorInstanceView,
  OverviewView,
  PendingView,
  ServiceInstanceView,
  ServiceOverviewView,
  SlowestHandlerView,
  SlowestStepView,
} from './overview.view';
import type { Pending, PendingReader } from './pending-reader';
import { commandOf, compensatedByOf, quantilesOf, slowestFirst, stepStatisticsOf, sumsBy, totalsOf } from './summaries';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface OverviewParts {
  readonly registry: DefinitionRegistry;
  readonly statistics: StatisticsStore;
  readonly instances: Instances;
  readonly pending: PendingReader;
  readonly holds: Holds;
  readonly health: ParticipantHealth;
  readonly broker: BrokerReader;
  readonly orchestrator: Orchestrator;
}

/** Reads how everything is. No part of it reads all sagas. */
export class OverviewReader {
  constructor(private readonly parts: OverviewParts) {}

  async read(): Promise<OverviewView> {
    const { statistics, instances, pending, holds, broker, orchestrator } = this.parts;
    const inForce = holds.all;
    const [facts, open, running, waiting, groups] = await Promise.all([
      pending.read(),
      statistics.open(),
      instances.running(),
      holds.waitingFor(inForce),
      broker.read(),
    ]);
    const { now, version, answeredInMs, paused, outbox, overdueTimers, deadLetters } = facts;
    const from = Math.floor(now / MINUTE_MS) * MINUTE_MS - HOUR_MS + MINUTE_MS;
    const lastHour = sumsBy(await statistics.read(MINUTE_MS / 1_000, from), ({ definition }) => definition);
    const viewOfHold = (hold: Hold) => holdViewOf(hold, waiting.each.get(hold.id));
    const problem = orchestrator.check();
    const { commitMs } = orchestrator;
    return {
      at: time(now),
      definitions: this.definitions(open, lastHour),
      services: this.services(groups, lastHour, (service) =>
        inForce.filter(({ where }) => this.concerns(where, service)).map(viewOfHold),
      ),
      orchestrator: {
        status: problem === undefined ? 'ok' : 'error',
        problem,
        lag: groups.ownLag,
        instances: running.map(instanceViewOf),
      },
      broker: {
        status: groups.problem === undefined ? 'up' : 'down',
        problem: groups.problem,
        brokers: [...orchestrator.brokers],
      },
      database: { version, answeredInMs, ...(commitMs !== undefined && { commitMs: Math.round(commitMs) }) },
      holds: inForce.map(viewOfHold),
      heldSagas: waiting.sagas,
      incidents: paused,
      deadLetters: pendingViewOf(deadLetters),
      outbox: pendingViewOf(outbox),
      overdueTimers: pendingViewOf(overdueTimers),
    };
  }

  /** Those that are registered, and those of sagas that have not ended or that did something in the last hour. */
  private definitions(open: readonly OpenSagas[], lastHour: ReadonlyMap<string, Counts>): DefinitionOverviewView[] {
    const { registry } = this.parts;
    const names = [...registry.all().map(({ name }) => name), ...open.map(({ definition }) => definition)];
    return [...new Set([...names, ...lastHour.keys()])].toSorted().map((definition) => {
      const its = open.filter((each) => each.definition === definition);
      return {
        definition,
        inFlight: its.reduce((sum, each) => sum + each.open, 0),
        oldestStartedAt: its.length === 0 ? undefined : time(Math.min(...its.map(({ oldest }) => oldest))),
        versions: this.versions(definition, its),
        lastHour: this.lastHour(definition, lastHour.get(definition) ?? {}),
      };
    });
  }

  private versions(definition: string, open: readonly OpenSagas[]): OpenVersionView[] {
    const { registry } = this.parts;
    const registered = registry.all().flatMap(({ name, version }) => (name === definition ? [version] : []));
    const versions = new Set([...registered, ...open.map(({ version }) => version)]);
    return [...versions]
      .toSorted((a, b) => b - a)
      .map((version) => ({
        version,
        registered: registered.includes(version),
        open: open.find((each) => each.version === version)?.open ?? 0,
      }));
  }

  private lastHour(definition: string, counts: Counts): LastHourView {
    const { registry } = this.parts;
    const steps = stepStatisticsOf(registry, definition, counts);
    const [slowest] = steps.filter((step): step is typeof step & SlowestStepView => step.p99 !== undefined);
    return {
      ...totalsOf(counts),
      slowestStep: slowest && { step: slowest.step, p50: slowest.p50, p99: slowest.p99 },
      compensatedBy: compensatedByOf(registry, definition, counts),
    };
  }

  private services(
    groups: BrokerFacts,
    lastHour: ReadonlyMap<string, Counts>,
    holdsOf: (service: string) => ServiceOverviewView['holds'],
  ): ServiceOverviewView[] {
    const { registry } = this.parts;
    return registry
      .services()
      .toSorted()
      .map((service) => {
        const progress = groups.services.get(service);
        return {
          service,
          instances: instancesIn(progress),
          lag: progress?.lag,
          lastReplyAt: time(this.answeredAt(service)),
          slowestHandler: this.slowestHandler(service, lastHour),
          holds: holdsOf(service),
        };
      });
  }

  private answeredAt(service: string): number | undefined {
    const { registry, health } = this.parts;
    const commands = registry.all().flatMap(commandsOf);
    const types = new Set(commands.flatMap((command) => (command.service === service ? command.type : [])));
    const answers = [...types].flatMap((type) => health.answeredAt(type) ?? []);
    return answers.length === 0 ? undefined : Math.max(...answers);
  }

  /** A command may be sent by steps of several definitions. */
  private slowestHandler(service: string, lastHour: ReadonlyMap<string, Counts>): SlowestHandlerView | undefined {
    const took = new Map<string, Counts[]>();
    for (const [definition, { steps = {} }] of lastHour)
      for (const [step, directions] of Object.entries(steps))
        for (const [direction, counts] of Object.entries(directions) as ['action' | 'compensation', StepCounts][]) {
          const command = commandOf(this.parts.registry, definition, step, direction);
          if (command?.service !== service || counts.took === undefined) continue;
          took.set(command.name, [...(took.get(command.name) ?? []), { took: counts.took }]);
        }
    const [slowest] = [...took]
      .map(([command, counts]) => ({ command, ...quantilesOf(sumOf(counts).took) }))
      .filter((each): each is SlowestHandlerView => each.p99 !== undefined)
      .toSorted(slowestFirst);
    return slowest;
  }

  private concerns(where: Hold['where'], service: string): boolean {
    if ('service' in where) return where.service === service;
    const { definition, step } = where;
    return (['action', 'compensation'] as const).some(
      (direction) => commandOf(this.parts.registry, definition, step, direction)?.service === service,
    );
  }
}

function instancesIn(progress: GroupProgress | undefined): ServiceInstanceView[] | undefined {
  return progress?.instances?.map(({ id, name, build, host, partitions, lag }: MemberProgress) => ({
    instance: name ?? id,
    build,
    host,
    partitions: [...partitions],
    lag,
  }));
}

function instanceViewOf({ id, name, build, definitions, startedAt, seenAt }: Instance): OrchestratorInstanceView {
  return {
    instance: id,
    name,
    build: build ?? undefined,
    startedAt: time(startedAt),
    seenAt: time(seenAt),
    definitions: [...definitions],
  };
}

function pendingViewOf({ count, oldest }: Pending): PendingView {
  return { count, oldest: oldest === null ? undefined : time(oldest) };
}
