/*
 * Continues sagas that are paused because their definition was missing, once it is registered. It searches repeatedly,
 * because during a rolling deployment an old instance may still pause a saga whose version it does not know. It works
 * in batches, so that any number of sagas may wait; the revision decides between instances that search concurrently.
 */
import { NIL } from 'uuid';
import type { DefinitionRegistry } from '../definition';
import { RecurringTask, type Log } from '../messaging';
import type { SagaInput } from './saga-input';
import type { SagaRunner } from './saga-runner';
import type { SagaStore } from '../store';

const BATCH = 200;

export interface AwaitedDefinitionsOptions {
  readonly log: Log;
  /** @default 10000 */
  readonly everyMs?: number;
}

export class AwaitedDefinitions {
  private readonly task: RecurringTask;
  private readonly wanted: readonly Wanted[];
  private readonly log: Log;
  private last: string = NIL;

  constructor(
    registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
    { log, everyMs = 10_000 }: AwaitedDefinitionsOptions,
  ) {
    this.log = log;
    this.wanted = wantedOf(registry);
    const work = (): Promise<boolean> => this.continueSagas();
    this.task = new RecurringTask({ name: 'look for sagas whose definition was registered', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async continueSagas(): Promise<boolean> {
    const found = await this.find();
    if (found.length > 0) this.log.log(`${found.length} sagas continue: their definition is registered now`);
    await this.runner.advance(found);
    const more = found.length === BATCH;
    this.last = more ? (found.at(-1)?.sagaId ?? NIL) : NIL;
    return more;
  }

  private async find(): Promise<SagaInput[]> {
    const { rows } = await this.store.pool.query<{ id: string; version: number }>({
      name: 'palinode-definition-found',
      text: this.store.statements.findMissed,
      values: [
        this.wanted.map(({ definition }) => definition),
        this.wanted.map(({ missed }) => missed),
        this.wanted.map(({ version }) => version),
        this.last,
        BATCH,
      ],
    });
    return rows.map(({ id, version }) => ({ sagaId: id, event: { kind: 'definition-found', version } }));
  }
}

interface Wanted {
  readonly definition: string;
  /** The version for which sagas are paused; 0 when they began before a definition of their name was registered. */
  readonly missed: number;
  /** The version with which they continue. */
  readonly version: number;
}

function wantedOf(registry: DefinitionRegistry): readonly Wanted[] {
  return registry.all().flatMap((definition) => {
    const { name, version } = definition;
    const own = { definition: name, missed: version, version };
    return registry.newest(name) === definition ? [own, { ...own, missed: 0 }] : [own];
  });
}
