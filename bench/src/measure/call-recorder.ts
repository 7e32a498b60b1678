/*
 * Loaded into every process of `npm run bench -- files` (`node --require`). The first SIGIO starts to count the calls of each
 * function; each further one writes the counts since the one before to `BENCH_CALLS`, under the number of the process.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { join } from 'node:path';

const session = new Session();
session.connect();
let counting = false;

process.on('SIGIO', () => {
  if (!counting) {
    counting = true;
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error) throw error;
    const file = join(process.env['BENCH_CALLS'] ?? '.', `${process.pid}.json`);
    // Under its final name only when it is whole: the bench waits for it.
    writeFileSync(`${file}.part`, JSON.stringify(callsOf(taken.result)));
    renameSync(`${file}.part`, file);
  });
});

/** How often each function of this repository ran, by its file and its place in it. */
function callsOf(scripts: readonly Profiler.ScriptCoverage[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { url, functions } of scripts) {
    const [, file] = /\/dist\/((?:apps|libs)\/.*)\.js$/.exec(url) ?? [];
    if (file === undefined) continue;
    for (const { functionName, ranges } of functions)
      for (const { startOffset, count } of ranges.slice(0, 1))
        if (count > 0) calls[`${file}.ts ${functionName || '(anonymous)'} ${startOffset}`] = count;
  }
  return calls;
}
