import { transformFileSync } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const { code } = transformFileSync(join(__dirname, 'stop-on-signal.ts'), {
  configFile: join(__dirname, '../../../.swcrc'),
});

/** Logs through pino, as the services do, while it stops. */
const SERVICE = `${code}
  const log = require('pino')();
  const close = async () => { for (let line = 0; line < 10; line += 1) log.warn('stopping'); };
  exports.stopOnSignal(Promise.resolve({ close }));
  log.info('running');`;

let service: ChildProcess | undefined;

afterEach(() => service?.kill('SIGKILL'));

function start(): ChildProcess {
  service = spawn(process.execPath, ['-e', SERVICE], {
    cwd: join(__dirname, '../../..'),
    env: { ...process.env, PALINODE_WITH_PARENT: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return service;
}

describe('a service process', () => {
  it('ends a service when its parent is gone, even if its log is not read', async () => {
    const running = start();
    await once(running.stdout!, 'data');
    const ended = once(running, 'exit');
    running.stdout!.destroy();
    running.stdin!.destroy();
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('writes the whole log of a service and exits with code 0 on SIGTERM', async () => {
    const running = start();
    await once(running.stdout!, 'data');
    let said = '';
    running.stdout!.on('data', (bytes: Buffer) => (said += String(bytes)));
    const ended = once(running, 'close');
    running.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(said.match(/stopping/g)).toHaveLength(10);
  });
});
