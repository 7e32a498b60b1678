import { commandsOf, type DefinitionRegistry } from '../../definition';
import type { ParticipantFacts } from '../../diagnosis';
import type { ParticipantHealth } from '../../holds';
import { isBrokerAway, type GroupProgress } from '../../messaging';
import type { Orchestrator } from '../../orchestrator';

/** Somebody waits for the answer; without the broker's there still is a diagnosis. */
const BROKER_WITHIN_MS = 1_500;
/** What the broker said is used for this long, so that diagnoses of many sagas do not ask for each. */
const FRESH_MS = 1_000;

/** `away`: the broker did not answer; undefined: it did not say, such as because it denies access. */
type Answer = GroupProgress | 'away' | undefined;

interface Asked {
  readonly at: number;
  readonly answer: Promise<Answer>;
}

/** How participants do. */
export interface Participants {
  readonly facts: ReadonlyMap<string, ParticipantFacts>;
  /** True when the broker did not answer the question. */
  readonly brokerAway: boolean;
}

/** Finds out how participants do: from their replies to this orchestrator, and from the broker. */
export class ParticipantReader {
  private readonly asked = new Map<string, Asked>();

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly health: ParticipantHealth,
    private readonly orchestrator: Orchestrator,
  ) {}

  async find(services: readonly string[]): Promise<Participants> {
    const answers = await Promise.all(services.map((service) => this.ask(service)));
    const facts = services.map((service, index): [string, ParticipantFacts] => {
      const answer = answers[index];
      return [service, { answeredAt: this.answeredAt(service), ...(answer === 'away' ? {} : answer) }];
    });
    return { facts: new Map(facts), brokerAway: answers.includes('away') };
  }

  /** What is known without asking the broker. */
  known(services: readonly string[]): ReadonlyMap<string, ParticipantFacts> {
    return new Map(services.map((service) => [service, { answeredAt: this.answeredAt(service) }]));
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

  private ask(service: string): Promise<Answer> {
    const known = this.asked.get(service);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.answer;
    const answer = inTime(this.orchestrator.progressOf(service));
    this.asked.set(service, { at: Date.now(), answer });
    return answer;
  }
}

async function inTime(progress: Promise<GroupProgress>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'away'>((resolve) => {
    timer = setTimeout(() => resolve('away'), BROKER_WITHIN_MS);
  });
  try {
    return await Promise.race([progress, late]);
  } catch (error) {
    return isBrokerAway(error) ? 'away' : undefined;
  } finally {
    clearTimeout(timer);
  }
}
