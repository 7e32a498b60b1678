/*
 * Every process of `npm run bench -- files` loads this (`node --require`). The first SIGIO starts to count the calls of
 * each function. Each further SIGIO writes the counts since the previous one to a file in `BENCH_CALLS`, named by the
 * process id.
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
    // Renamed when it is complete: the bench waits for the final name.
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
