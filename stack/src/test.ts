import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { type Count, runProject, sum, verdict } from './test-runs';

/** `npm test`: every ring of tests, one after another; `npm test -- FILTER` as in jest. */
function main(): void {
  const filter = process.argv.slice(2);
  const counts: Count[] = [];
  for (const [project, flags] of rings) {
    const startedAt = Date.now();
    const result = runProject(project, [...filter, ...flags]);
    counts.push(result);
    console.log(`${project.padEnd(28)}${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
  const missing = ApacheKafka.missing();
  if (missing) {
    console.log(`The tests against Apache Kafka were not run. ${missing}`);
    if (process.env.CI === 'true') counts.push({ passed: 0, failed: 1 });
  }
  const { line, ok } = verdict(sum(counts));
  console.log(line);
  process.exitCode = ok ? 0 : 1;
}

// Tests with real servers and processes run one by one: side by side they fight for the cores and miss their deadlines.
const rings: [string, string[]][] = [
  ['unit', []],
  ['integration', ['--runInBand']],
  ['end-to-end', ['--runInBand']],
];

main();
