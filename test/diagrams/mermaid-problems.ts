import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** Mermaid's error for each of these texts; null for a valid one. Mermaid runs in a separate process. */
export function mermaidProblems(texts: readonly string[]): Promise<(string | null)[]> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
    const child = execFile(process.execPath, [join(__dirname, 'parse-mermaid.mjs')], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as (string | null)[]);
    });
    child.stdin?.end(JSON.stringify(texts));
  });
}
