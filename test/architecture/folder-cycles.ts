import type { Dependency } from './dependencies';

/**
 * The cycles between the folders of a project, each once, such as `apps/order/src/orders → apps/order/src/placing →
 * apps/order/src/orders`. In each folder its files and its subfolders are looked at, a subfolder with all that is in it.
 */
export function folderCycles(dependencies: readonly Dependency[]): readonly string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of dependencies) {
    const [importing, imported] = siblings(from, to);
    next.set(importing, (next.get(importing) ?? new Set()).add(imported));
  }
  return cyclesIn(next)
    .filter((cycle) => cycle.some((path) => !path.endsWith('.ts')))
    .map((cycle) => cycle.join(' → '));
}

/** Of two files, the files or folders in which their paths part. */
function siblings(from: string, to: string): readonly [string, string] {
  const [a, b] = [from.split('/'), to.split('/')];
  const parting = a.findIndex((name, index) => name !== b[index]) + 1;
  return [a.slice(0, parting).join('/'), b.slice(0, parting).join('/')];
}

/** Each cycle once, beginning and ending with the same path. */
function cyclesIn(next: ReadonlyMap<string, ReadonlySet<string>>): readonly string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const follow = (path: string, trail: readonly string[]): void => {
    const begun = trail.indexOf(path);
    if (begun >= 0) cycles.push([...trail.slice(begun), path]);
    if (begun >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) follow(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) follow(path, []);
  return cycles;
}
