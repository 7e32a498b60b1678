import { spawnSync } from 'node:child_process';

/** Where Go's own installer puts it, which need not be on the PATH. */
const STANDARD = '/usr/local/go/bin/go';

/** What to tell who has no Go. */
export const GO_REMEDY = 'Install Go, 1.26 or later: https://go.dev/dl';

/** The command of Go; undefined where there is none. */
export function goCommand(): string | undefined {
  return ['go', STANDARD].find((command) => spawnSync(command, ['version']).status === 0);
}
