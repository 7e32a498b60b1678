import { spawnSync } from 'node:child_process';

/** The directory of Go's own installer, which may not be on the PATH. */
const STANDARD = '/usr/local/go/bin/go';

/** The remedy for a missing Go. */
export const GO_REMEDY = 'Install Go, 1.26 or later: https://go.dev/dl';

/** The command of Go; undefined when Go is not installed. */
export function goCommand(): string | undefined {
  return ['go', STANDARD].find((command) => spawnSync(command, ['version']).status === 0);
}
