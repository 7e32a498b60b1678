import type { DefinitionRegistry } from '../../definition';
import type { Holds } from '../../holds';
import type { Orchestrator } from '../../orchestrator';
import type { SagaStore } from '../../store';
import type { ParticipantReader } from '../diagnosis/participant-reader';
import { holdViewOf } from '../holds/present-hold';
import { time } from '../time';
import type { DefinitionOverviewView, OverviewView, ServiceOverviewView } from './overview.view';

interface OverviewParts {
  readonly registry: DefinitionRegistry;
  readonly store: SagaStore;
  readonly holds: Holds;
  readonly participants: ParticipantReader;
  readonly orchestrator: Orchestrator;
}

/** Reads how everything is. */
export class OverviewReader {
  constructor(private readonly parts: OverviewParts) {}

  async read(): Promise<OverviewView> {
    const { holds, orchestrator } = this.parts;
    const now = Date.now();
    const problem = orchestrator.check();
    const waiting = await holds.waitingFor(holds.all);
    return {
      at: time(now),
      definitions: await this.definitions(),
      services: await this.services(),
      orchestrator: { status: problem === undefined ? 'ok' : 'error', problem, instances: [] },
      broker: { status: 'up', brokers: [] },
      database: { version: '', answeredInMs: Date.now() - now },
      holds: holds.all.map((hold) => holdViewOf(hold, waiting.get(hold.id))),
      incidents: { incidents: 0, sagas: 0 },
      deadLetters: { count: 0 },
      outbox: { count: 0 },
      overdueTimers: { count: 0 },
    };
  }

  private async definitions(): Promise<DefinitionOverviewView[]> {
    const names = [...new Set(this.parts.registry.all().map(({ name }) => name))];
    return names.map((definition) => ({
      definition,
      inFlight: 0,
      versions: [],
      lastHour: { started: 0, completed: 0, compensated: 0, paused: 0, compensatedBy: [] },
    }));
  }

  private async services(): Promise<ServiceOverviewView[]> {
    const services = this.parts.registry.services();
    const facts = await this.parts.participants.find(services);
    return services.map((service) => ({
      service,
      lag: facts.get(service)?.lag,
      lastReplyAt: time(facts.get(service)?.answeredAt),
      holds: [],
    }));
  }
}
