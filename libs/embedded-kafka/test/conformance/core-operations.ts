import { GO_REMEDY, goCommand } from '@palinode/test-support/processes/go-command';
import { missing, run, built } from './foreign-toolchain';

/** A Kafka client in another language that runs the core operations: see the programs under `foreign`. */
export interface ForeignClient {
  readonly name: string;
  missing(): string | undefined;
  /** Builds it unless it is in the cache. */
  prepare(): void;
  /** Runs its program; returns its output. */
  run(broker: string, topic: string, group: string): string;
}

export function goDirectory(): string {
  const go = goCommand() ?? 'go';
  const programs = ['./franz-go', './sarama', './kafka-go', './franz-go-member', './sarama-member'];
  return built('go', run(go, ['version']), [[go, 'build', '-o', 'bin/', ...programs]]);
}

export function goMissing(): string | undefined {
  return goCommand() === undefined ? GO_REMEDY : undefined;
}

function goClient(name: string, program: string): ForeignClient {
  return {
    name,
    missing: goMissing,
    prepare: () => goDirectory(),
    run: (...args) => run(`${goDirectory()}/bin/${program}`, args),
  };
}

function pythonDirectory(): string {
  const install = [
    'python3',
    '-m',
    'pip',
    'install',
    '--quiet',
    '--target',
    'libs',
    '--requirement',
    'requirements.txt',
  ];
  return built('python', run('python3', ['--version']), [install]);
}

function pythonClient(name: string, program: string): ForeignClient {
  const remedy = 'Install Python 3 with pip, for instance: apt-get install python3-pip';
  return {
    name,
    missing: () => missing('python3', ['-m', 'pip', '--version'], remedy),
    prepare: () => pythonDirectory(),
    run: (...args) => {
      const directory = pythonDirectory();
      const code = `import sys, runpy; sys.path.insert(0, 'libs'); runpy.run_path('${program}.py', run_name='__main__')`;
      return run('python3', ['-c', code, ...args], { cwd: directory });
    },
  };
}

function nodeDirectory(): string {
  return built('node', process.version, [['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund']]);
}

const platformatic: ForeignClient = {
  name: '@platformatic/kafka 1.35 (JavaScript)',
  missing: () => missing('npm', ['--version'], 'Install npm.'),
  prepare: () => nodeDirectory(),
  run: (...args) => run(process.execPath, ['core-operations.mjs', ...args], { cwd: nodeDirectory() }),
};

/** The jars of a version of Apache Kafka's client (or of its tools, which include it), and the program. */
export function javaDirectory(version: string, artifact: 'kafka-clients' | 'kafka-tools'): string {
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'];
  return built('java', version, [
    ['mvn', '-q', '-B', `-Dkafka.version=${version}`, `-Dartifact=${artifact}`, ...copy],
    ['javac', '-nowarn', '-d', 'classes', '-cp', 'libs/*', 'CoreOperations.java', 'GroupMember.java'],
  ]);
}

export function javaMissing(): string | undefined {
  return (
    missing('javac', ['-version'], 'Install a JDK, 17 or later: apt-get install openjdk-17-jdk') ??
    missing('mvn', ['-v'], 'Install Maven: apt-get install maven')
  );
}

function javaClient(version: string, artifact: 'kafka-clients' | 'kafka-tools'): ForeignClient {
  return {
    name: `Apache Kafka's client ${version} (Java)`,
    missing: javaMissing,
    prepare: () => javaDirectory(version, artifact),
    run: (...args) =>
      run('java', ['-cp', 'classes:libs/*', 'CoreOperations', ...args], { cwd: javaDirectory(version, artifact) }),
  };
}

export const newestJava = '4.3.1';

export const foreignClients: readonly ForeignClient[] = [
  goClient('franz-go 1.22 (Go)', 'franz-go'),
  goClient('sarama 1.61 (Go)', 'sarama'),
  goClient('kafka-go 0.4.51 (Go)', 'kafka-go'),
  javaClient('2.8.2', 'kafka-clients'),
  javaClient('3.9.1', 'kafka-clients'),
  javaClient(newestJava, 'kafka-tools'),
  pythonClient('kafka-python 3.0 (Python)', 'with_kafka_python'),
  pythonClient('aiokafka 0.14 (Python)', 'with_aiokafka'),
  pythonClient('confluent-kafka 2.16 (Python, librdkafka)', 'with_confluent_kafka'),
  platformatic,
];
