import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcess } from './child-process';
import { RawClient } from './raw-client';

describe('the broker’s command', () => {
  let directory: string;
  let children: ChildProcess[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'embedded-kafka-command-'));
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill9()));
    rmSync(directory, { recursive: true });
  });

  function start(...args: string[]): ChildProcess {
    const child = ChildProcess.start('src/main.ts', args);
    children.push(child);
    return child;
  }

  async function startBroker(...args: string[]): Promise<{ child: ChildProcess; address: string }> {
    const child = start('--directory', directory, '--port', '0', ...args);
    return { child, address: (JSON.parse(await child.firstLine()) as { address: string }).address };
  }

  it('prints its address when it listens, and ends cleanly on SIGTERM', async () => {
    const { child, address } = await startBroker();
    const client = await RawClient.connect(address);
    expect(await child.terminate()).toBe(0);
    await client.closed;
  });

  it('ends with its parent when started with --with-parent', async () => {
    const { child } = await startBroker('--with-parent');
    child.process.stdin.end();
    expect(await child.end()).toMatchObject({ code: 0 });
  });

  it('keeps running without its parent when started without --with-parent', async () => {
    const { child, address } = await startBroker();
    child.process.stdin.end();
    const client = await RawClient.connect(address);
    client.close();
  });

  it('rejects invalid arguments and prints its usage', async () => {
    const { code, errors } = await start('--port', 'x').end();
    expect(code).toBe(2);
    expect(errors).toContain('--directory is missing');
    expect(errors).toContain('Usage:');
  });

  it('rejects a port that is in use', async () => {
    const { address } = await startBroker();
    const port = address.split(':')[1]!;
    const { code, errors } = await start('--directory', join(directory, 'other'), '--port', port).end();
    expect([code, errors]).toEqual([1, expect.stringContaining('the port is in use')]);
  });

  it('rejects a directory that another broker uses, and takes it over after that broker was killed', async () => {
    const { child } = await startBroker();
    const { code, errors } = await start('--directory', directory, '--port', '0').end();
    expect([code, errors]).toEqual([1, expect.stringContaining(`process id ${child.process.pid}`)]);
    await child.kill9();
    await startBroker();
  });

  it('rejects a directory that holds other files', async () => {
    writeFileSync(join(directory, 'thesis.txt'), 'years of work');
    const { code, errors } = await start('--directory', directory, '--port', '0').end();
    expect([code, errors]).toEqual([1, expect.stringContaining('thesis.txt')]);
  });
});
