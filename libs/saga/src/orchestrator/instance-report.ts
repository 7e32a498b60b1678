import { createHash } from 'node:crypto';
import { ConfigurationError } from '../contract';
import { fingerprint, type DefinitionRegistry, type SagaDefinition } from '../definition';
import { INSTANCE_NAME, newId, RecurringTask, type Log } from '../messaging';
import { Instances, type InstanceDefinition, type SagaStore } from '../store';

/** Half of the time within which an instance counts as running would allow one report to fail. */
const EVERY_MS = 15_000;

interface InstanceReportOptions {
  /** What this process was built from. */
  readonly build: string | undefined;
  readonly log: Log;
}

/** Reports this instance and its definitions to the others, while it runs. */
export class InstanceReport {
  private readonly id = newId();
  private readonly instances: Instances;
  private readonly task: RecurringTask;

  constructor(store: SagaStore, registry: DefinitionRegistry, { build, log }: InstanceReportOptions) {
    this.instances = new Instances(store.pool, store.tables);
    const definitions = registry.all().flatMap((definition) => describe(definition) ?? []);
    const report = { id: this.id, name: INSTANCE_NAME, build: build ?? null, definitions };
    this.task = new RecurringTask({
      name: 'report this instance',
      everyMs: EVERY_MS,
      work: async () => {
        await this.instances.report(report);
        return false;
      },
      log,
    });
  }

  start(): void {
    this.task.start();
  }

  /** Without a database it is forgotten after a minute. */
  async stop(): Promise<void> {
    await this.task.stop();
    await this.instances.remove(this.id).catch(() => undefined);
  }
}

/** Undefined for a definition whose functions cannot be read. */
function describe(definition: SagaDefinition): InstanceDefinition | undefined {
  const { name, version } = definition;
  try {
    const digest = createHash('sha256').update(fingerprint(definition)).digest('hex').slice(0, 16);
    return { definition: name, version, fingerprint: digest };
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
