import { CHILDREN } from '../../contract';
import type { DefinitionRegistry } from '../../definition';
import type { GroupProgress } from '../../messaging';
import type { Orchestrator } from '../../orchestrator';
import { Refreshed } from './refreshed';

const FRESH_MS = 2_000;
const STALE_MS = 15_000;
/** Somebody waits for the answer; there is an overview without the broker, too. */
const WITHIN_MS = 1_500;

/** What the broker says of the consumer groups. */
export interface BrokerFacts {
  readonly services: ReadonlyMap<string, GroupProgress>;
  /** How many messages this orchestrator has not processed; undefined when the broker did not say. */
  readonly ownLag: number | undefined;
  /** Why it did not answer a question. */
  readonly problem: string | undefined;
}

/** Asks the broker how far the consumer groups have come, at most once in two seconds. */
export class BrokerReader {
  private readonly facts = new Refreshed(() => this.ask(), FRESH_MS, STALE_MS);

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly orchestrator: Orchestrator,
  ) {}

  read(): Promise<BrokerFacts> {
    return this.facts.get();
  }

  private async ask(): Promise<BrokerFacts> {
    const names = this.registry.services().filter((service) => service !== CHILDREN);
    const [own, ...services] = await Promise.allSettled([
      inTime(this.orchestrator.ownLag()),
      ...names.map((service) => inTime(this.orchestrator.progressOf(service))),
    ] as const);
    const found = names.flatMap((service, index): [string, GroupProgress][] => {
      const progress = services[index];
      return progress?.status === 'fulfilled' ? [[service, progress.value]] : [];
    });
    const failed = [own, ...services].find((each) => each.status === 'rejected');
    return {
      services: new Map(found),
      ownLag: own.status === 'fulfilled' ? own.value : undefined,
      problem: failed && String(failed.reason),
    };
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The broker has not answered within ${WITHIN_MS} ms.`)), WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
