/* Runs in separate processes, from source, because jest itself has loaded many packages. */
import { runTypescript } from '@palinode/test-support/repository';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const run = (file: string): { readonly status: number | null; readonly out: string } => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--test-reporter=tap', '-r', runTypescript, join(__dirname, file)],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
    },
  );
  return { status, out: status === 0 ? stdout : `${stdout}${stderr}` };
};

describe('a saga definition and its test', () => {
  it('loads neither Nest nor a database, a broker or a web server for a definition and its test', () => {
    const { out } = run('loaded-packages.ts');
    const packages = JSON.parse(out) as readonly string[];
    expect(packages).toContain('class-validator');
    const servers = /^(@nestjs\/.*|pg|pg-.*|kafkajs|typeorm|express|rxjs|pino.*|jest.*|@jest\/.*)$/;
    expect(packages.filter((name) => servers.test(name))).toEqual([]);
  });

  it('runs a definition and its test with the test runner of Node as with jest', () => {
    const { status, out } = run('parcel.node-test.ts');
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('# pass 2') as string });
  });
});
