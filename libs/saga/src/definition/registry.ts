import { WiringError } from '../contract';
import { stepsOf, type SagaDefinition } from './definition';

/** The definitions this orchestrator can run, each in all versions that still have live sagas. */
export class DefinitionRegistry {
  private readonly versions = new Map<string, Map<number, SagaDefinition>>();

  constructor(definitions: readonly SagaDefinition[]) {
    for (const definition of definitions) this.add(definition);
    for (const definition of definitions) this.mustKnowChildrenOf(definition);
  }

  find(name: string, version: number): SagaDefinition | undefined {
    return this.versions.get(name)?.get(version);
  }

  /** The version that new sagas begin with. */
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

  private add(definition: SagaDefinition): void {
    const { name, version } = definition;
    const versions = this.versions.get(name) ?? new Map<number, SagaDefinition>();
    if (versions.has(version))
      throw new WiringError(`${name} v${version} is registered twice; give the newer one version ${version + 1}.`);
    this.versions.set(name, versions.set(version, definition));
  }

  private mustKnowChildrenOf(parent: SagaDefinition): void {
    for (const { child } of stepsOf(parent)) {
      if (child === undefined || this.find(child.name, child.version)) continue;
      throw new WiringError(
        `${parent.name} v${parent.version} starts ${child.name} v${child.version}, which is not registered; add it to the definitions.`,
      );
    }
  }
}
