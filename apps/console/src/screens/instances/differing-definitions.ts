import type { Admin } from '../../api/schemas';

/** The definitions that instances have in different forms under one name and version: `place-order v2`. */
export function differingDefinitions(
  instances: readonly Pick<Admin['OrchestratorInstanceView'], 'definitions'>[],
): string[] {
  const fingerprints = new Map<string, Set<string>>();
  for (const { definition, version, fingerprint } of instances.flatMap(({ definitions }) => definitions)) {
    const name = `${definition} v${version}`;
    fingerprints.set(name, (fingerprints.get(name) ?? new Set()).add(fingerprint));
  }
  return [...fingerprints].filter(([, forms]) => forms.size > 1).map(([name]) => name);
}
