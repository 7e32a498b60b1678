import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from '@palinode/testing-support/processes/child';
import { repositoryRoot, stateDirectory } from '../repository';

export const kafkaVersion = '4.3.1';

const pom = join(repositoryRoot, 'libs/test-support/src/kafka/pom.xml');

/** `PALINODE_CACHE` lets several checkouts share one download. */
const cacheDirectory = () => join(process.env.PALINODE_CACHE ?? stateDirectory, 'apache-kafka');

/**
 * The folder with Apache Kafka's jars, downloaded by Maven when it is not in the cache yet (about 45 MB).
 *
 * The download goes to a temporary folder, which is renamed at the end, so that an interrupted download is never used.
 * If two processes download at once, the second one to finish discards its copy.
 */
export async function kafkaJars(): Promise<string> {
  const jars = join(cacheDirectory(), kafkaVersion);
  if (existsSync(jars)) return jars;
  await mkdir(cacheDirectory(), { recursive: true });
  const download = await mkdtemp(join(cacheDirectory(), 'download-'));
  try {
    await copyFile(pom, join(download, 'pom.xml'));
    await runMaven(download);
    await rename(join(download, 'libs'), jars).catch((error: Error) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(download, { recursive: true, force: true });
  }
  return jars;
}

async function runMaven(directory: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'];
  const maven = await Child.start('mvn', ['-q', '-B', `-Dkafka.version=${kafkaVersion}`, ...goal], {
    name: 'Maven',
    directory,
    guarded: true,
  });
  const { code } = await maven.ended;
  if (code !== 0) {
    throw new Error(
      `Maven could not fetch Apache Kafka ${kafkaVersion}; check that it reaches its repository (~/.m2/settings.xml).\n` +
        maven.lastLines(),
    );
  }
}
