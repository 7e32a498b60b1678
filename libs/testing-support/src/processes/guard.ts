import { spawn } from 'node:child_process';

/**
 * Ends the process `pid` when this process ends, even by SIGKILL, for programs that do not notice it by themselves.
 *
 * A shell in a separate session waits for the end of a pipe that only this process holds open. Returns a function that
 * removes the guard; call it as soon as `pid` has ended, because the system may reuse the id. Does nothing on Windows.
 */
export function guard(pid: number, signal: 'KILL' | 'INT' | 'QUIT' = 'KILL'): () => void {
  if (process.platform === 'win32') return () => {};
  const shell = spawn('/bin/sh', ['-c', `cat; kill -${signal} ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  // A detached shell leads its own process group, in which `cat` ends with it.
  return () => {
    if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    try {
      process.kill(-shell.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
}
