import { spawnSync } from 'node:child_process';

/** Why Apache Kafka cannot run on this machine, with the remedy; undefined when it can. */
export function whatIsMissing(): string | undefined {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (java.error) return 'Apache Kafka needs Java 17 or later and there is no java command: install a JDK.';
  const version = /version "(\d+)/.exec(java.stderr)?.[1];
  if (version === undefined || Number(version) < 17) {
    return `Apache Kafka needs Java 17 or later and java is ${version ?? 'of an unknown version'}: install a newer JDK.`;
  }
  const maven = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  if (maven.error || maven.status !== 0) {
    return 'The jars of Apache Kafka are fetched by Maven and there is no working mvn command: install Maven.';
  }
  return undefined;
}
