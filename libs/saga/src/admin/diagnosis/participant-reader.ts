import { commandsOf, type DefinitionRegistry } from '../../definition';
import type { ParticipantFacts } from '../../diagnosis';
import type { ParticipantHealth } from '../../holds';
import type { GroupProgress } from '../../messaging';
import type { Orchestrator } from '../../orchestrator';

/** Somebody waits for the answer; without the broker's there still is a diagnosis. */
const BROKER_WITHIN_MS = 1_500;
/** What the broker said is used for this long, so that diagnoses of many sagas do not ask for each. */
const FRESH_MS = 1_000;

interface Asked {
  readonly at: number;
  readonly progress: Promise<GroupProgress | undefined>;
}

/** Finds out how participants do: from their replies to this orchestrator, and from the broker. */
export class ParticipantReader {
  private readonly asked = new Map<string, Asked>();

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly health: ParticipantHealth,
    private readonly orchestrator: Orchestrator,
  ) {}

  async find(services: readonly string[]): Promise<ReadonlyMap<string, ParticipantFacts>> {
    const facts = services.map(async (service): Promise<[string, ParticipantFacts]> => {
      const progress = await this.progressOf(service);
      return [service, { answeredAt: this.answeredAt(service), ...progress }];
    });
    return new Map(await Promise.all(facts));
  }

  private answeredAt(service: string): number | undefined {
    const types = this.registry
      .all()
      .flatMap(commandsOf)
      .filter((command) => command.service === service)
      .map(({ type }) => type);
    const answers = [...new Set(types)].flatMap((type) => this.health.answeredAt(type) ?? []);
    return answers.length === 0 ? undefined : Math.max(...answers);
  }

  private progressOf(service: string): Promise<GroupProgress | undefined> {
    const known = this.asked.get(service);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.progress;
    const progress = inTime(this.orchestrator.progressOf(service));
    this.asked.set(service, { at: Date.now(), progress });
    return progress;
  }
}

/** Resolves to undefined when the broker does not say, or not in time. */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), BROKER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
