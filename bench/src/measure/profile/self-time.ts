import { basename } from 'node:path';

/** The parts of V8's CPU profile that are read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The milliseconds that a process spent in each function itself, and in each module, without idle time. */
export interface SelfTime {
  readonly byFunction: ReadonlyMap<string, number>;
  readonly byModule: ReadonlyMap<string, number>;
}

export function selfTime({ nodes, samples, timeDeltas }: CpuProfile): SelfTime {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byModule = new Map<string, number>();
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') return;
    // The next sample's delta is the time spent in this one: V8 gives the time since the previous sample.
    const ms = (timeDeltas[index + 1] ?? 0) / 1_000;
    const module = moduleOf(frame.url, frame.functionName);
    add(byModule, module, ms);
    add(byFunction, nameOf(frame, module), ms);
  });
  return { byFunction, byModule };
}

/** The package, the file of this repository, or the part of Node that a function is in. */
export function moduleOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  if (url.startsWith('node:')) return url;
  const path = url.replace(/^file:\/\//, '');
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? /\/dist\/(.*)\.js$/.exec(path)?.[1] ?? path;
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame'], module: string): string {
  const name = functionName || '(anonymous)';
  const place = url === '' ? '' : ` ${basename(url)}:${lineNumber + 1}`;
  return name === module ? name : `${name}  ${module}${place}`;
}

export function largest(times: ReadonlyMap<string, number>, count: number): [name: string, ms: number][] {
  return [...times].toSorted(([, a], [, b]) => b - a).slice(0, count);
}

function add(times: Map<string, number>, name: string, ms: number): void {
  times.set(name, (times.get(name) ?? 0) + ms);
}
