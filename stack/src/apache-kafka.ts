import { join } from 'node:path';
import { commandLine } from '@palinode/test-support/command-line';
import { stateDirectory } from '@palinode/test-support/repository';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';

/** `npm run kafka`: runs an Apache Kafka in the foreground; its data stay in `.palinode/apache-kafka/data`. */
async function main(): Promise<void> {
  commandLine('npm run kafka --', 'Runs an Apache Kafka in the foreground, until Ctrl-C; its data stay.')
    .addHelpText('after', '\nPORT in the environment sets its port; default 9092.')
    .parse();
  const startedAt = Date.now();
  const directory = join(stateDirectory, 'apache-kafka', 'data');
  const kafka = await ApacheKafka.start({ directory, port: Number(process.env.PORT ?? 9092) });
  console.log(`Apache Kafka listens on ${kafka.address} (${((Date.now() - startedAt) / 1000).toFixed(1)} s).`);
  console.log(`Run the system on it from another terminal:  KAFKA_BROKERS=${kafka.address} npm start`);
  console.log('Ctrl-C stops it; its data stay.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void kafka.stop().then(() => process.exit(0)));
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
