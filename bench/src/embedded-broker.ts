import { resolve } from 'node:path';
import { Child } from '../../stack/src/process/child';

export interface Broker {
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The embedded broker as a process of its own, so that its CPU can be counted. */
export async function startBroker(directory: string): Promise<Broker> {
  const program = resolve(__dirname, '../../libs/embedded-kafka/src/main.js');
  let announce: (address: string) => void = () => undefined;
  const announced = new Promise<string>((done) => (announce = done));
  const child = await Child.start(
    process.execPath,
    [program, '--directory', directory, '--port', '0', '--with-parent'],
    {
      name: 'the embedded broker',
      openInput: true,
      onLine: (line) => {
        const [address] = /127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (address) announce(address);
      },
    },
  );
  const ended = child.ended.then(() => Promise.reject(new Error(`the embedded broker ended: ${child.lastLines()}`)));
  const address = await Promise.race([announced, ended]);
  ended.catch(() => undefined);
  return {
    address,
    pid: child.pid,
    stop: async () => void (await child.stop()),
  };
}
