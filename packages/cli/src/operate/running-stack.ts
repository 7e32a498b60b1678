import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A stack that runs on this machine, as it describes itself in `.palinode/stack.json`. */
export interface RunningStack {
  /** The directory of the project that it runs. */
  readonly project: string;
  readonly adminUrl: string | undefined;
  readonly orderUrl: string | undefined;
}

interface Description {
  readonly services?: Readonly<Record<string, { readonly url?: string; readonly adminUrl?: string }>>;
}

/** The stack that runs in this directory, or in one above it. */
export function stackAround(directory: string): RunningStack | undefined {
  const file = join(directory, '.palinode', 'stack.json');
  if (existsSync(file)) {
    const { services = {} } = JSON.parse(readFileSync(file, 'utf8')) as Description;
    const { orchestrator = {}, order = {} } = services;
    return { project: directory, adminUrl: orchestrator.adminUrl ?? orchestrator.url, orderUrl: order.url };
  }
  const above = dirname(directory);
  return above === directory ? undefined : stackAround(above);
}
