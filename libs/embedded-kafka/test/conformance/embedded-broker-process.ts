import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerUnderTest } from './broker-under-test';
import { ChildProcess } from './child-process';

/** The embedded broker as a separate process, on a free port, in a new directory. */
export class EmbeddedBrokerProcess implements BrokerUnderTest {
  private constructor(
    private readonly directory: string,
    private readonly args: readonly string[],
    private child: ChildProcess,
    readonly brokers: string[],
  ) {}

  static async start(args: readonly string[] = []): Promise<EmbeddedBrokerProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'embedded-kafka-data-'));
    const child = run(directory, 0, args);
    try {
      return new EmbeddedBrokerProcess(directory, args, child, [await addressOf(child)]);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  async kill9(): Promise<void> {
    await this.child.kill9();
  }

  async restart(): Promise<void> {
    const port = Number(this.brokers[0]!.split(':')[1]);
    this.child = run(this.directory, port, this.args);
    await addressOf(this.child);
  }

  async stop(): Promise<void> {
    await this.child.terminate();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function run(directory: string, port: number, args: readonly string[]): ChildProcess {
  return ChildProcess.start('src/main.ts', [
    '--directory',
    directory,
    '--port',
    String(port),
    '--with-parent',
    ...args,
  ]);
}

async function addressOf(child: ChildProcess): Promise<string> {
  return (JSON.parse(await child.firstLine()) as { address: string }).address;
}
