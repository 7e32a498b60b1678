import { CHILDREN, DEFAULT_ORCHESTRATOR, topicsOf, ConfigurationError, type Topics } from '../contract';
import { stepsOf, type SagaDefinition } from './definition';

/** The definitions that this orchestrator can run, each in all versions with live sagas, and its topics. */
export class DefinitionRegistry {
  /** The topics on which it receives messages, its current ones first. */
  readonly heard: readonly [Topics, ...Topics[]];
  private readonly versions = new Map<string, Map<number, SagaDefinition>>();

  constructor(
    definitions: readonly SagaDefinition[],
    readonly topics = topicsOf(),
    /** The topics of the orchestrator's former names, on which it still receives messages. */
    former: readonly Topics[] = [],
  ) {
    this.heard = [topics, ...former];
    for (const definition of definitions) this.add(definition);
    for (const definition of definitions) this.mustKnowChildrenOf(definition);
    this.mustHaveAnotherName();
  }

  /** Returns the participant that replies on this topic; undefined for topics other than reply topics. */
  whoRepliesBy(topic: string): string | undefined {
    for (const topics of this.heard) {
      const service = topics.whoRepliesBy(topic);
      if (service !== undefined) return service;
    }
    return undefined;
  }

  find(name: string, version: number): SagaDefinition | undefined {
    return this.versions.get(name)?.get(version);
  }

  /** Returns the version that new sagas use. */
  newest(name: string): SagaDefinition | undefined {
    const versions = [...(this.versions.get(name)?.values() ?? [])];
    return versions.reduce<SagaDefinition | undefined>(
      (newest, each) => (newest === undefined || each.version > newest.version ? each : newest),
      undefined,
    );
  }

  all(): readonly SagaDefinition[] {
    return [...this.versions.values()].flatMap((versions) => [...versions.values()]);
  }

  /** Returns the participants that receive commands; the orchestrator itself when sagas have children. */
  services(): readonly string[] {
    const commands = this.all()
      .flatMap(stepsOf)
      .flatMap(({ action, compensation }) => [action?.command, compensation?.command]);
    return [...new Set(commands.flatMap((command) => (command ? [command.service] : [])))];
  }

  private add(definition: SagaDefinition): void {
    const { name, version } = definition;
    this.mustBeOurs(definition);
    const versions = this.versions.get(name) ?? new Map<number, SagaDefinition>();
    if (versions.has(version))
      throw new ConfigurationError(
        `${name} v${version} is registered twice; give the newer one version ${version + 1}.`,
      );
    this.versions.set(name, versions.set(version, definition));
  }

  private mustBeOurs(definition: SagaDefinition): void {
    const own = this.topics.orchestrator;
    const signals = stepsOf(definition).flatMap(({ wait }) => wait?.signal ?? []);
    for (const { name, orchestrator = DEFAULT_ORCHESTRATOR } of [definition, ...signals]) {
      if (orchestrator === own) continue;
      throw new ConfigurationError(
        `${name} is for the orchestrator ${orchestrator}, and this one is named ${own}; change one of them, where ${name} is defined or in OrchestratorModule.forRoot.`,
      );
    }
  }

  private mustHaveAnotherName(): void {
    const own = this.topics.orchestrator;
    if (own === CHILDREN || !this.services().includes(own)) return;
    throw new ConfigurationError(
      `${own} is the name of a participant; the orchestrator needs another, since both would read ${this.topics.commands}.`,
    );
  }

  private mustKnowChildrenOf(parent: SagaDefinition): void {
    for (const { child } of stepsOf(parent)) {
      if (child === undefined || this.find(child.name, child.version)) continue;
      throw new ConfigurationError(
        `${parent.name} v${parent.version} starts ${child.name} v${child.version}, which is not registered; add it to the definitions.`,
      );
    }
  }
}
