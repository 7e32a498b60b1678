/* Keys, made by the command and shown to an admin API that reads them from a file. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPalinode, type Ended } from '@palinode/test-support/processes/run-palinode';
import { accessKeys } from '@palinode/saga/admin';
import { AdminUnderTest } from '../../../libs/saga/test/admin-under-test';
import { placeOrder } from '../../../libs/saga/test/sample-saga';

const folder = mkdtempSync(join(tmpdir(), 'palinode-cli-keys-'));
const file = join(folder, 'keys');
let admin: AdminUnderTest;
let url: string;

beforeAll(async () => {
  writeFileSync(file, '# Who may use the admin API\n');
  for (const role of ['viewer', 'admin']) appendFileSync(file, `${(await made(role)).line}\n`);
  admin = await AdminUnderTest.start([placeOrder], { access: accessKeys({ file }), holdAfter: 'never' });
  await admin.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(admin.app.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(async () => {
  await admin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keys = new Map<string, string>();

/** Makes a key by the command, and remembers it. */
async function made(role: string): Promise<{ readonly line: string }> {
  const { out } = await palinode(undefined, 'keys', 'create', `${role}@ops`, '--role', role, '--json');
  const { key, line } = JSON.parse(out) as { readonly key: string; readonly line: string };
  keys.set(role, key);
  return { line };
}

function palinode(role: string | undefined, ...words: readonly string[]): Promise<Ended> {
  const key = role === undefined ? {} : { PALINODE_KEY: keys.get(role) };
  const env = { PALINODE_URL: url, NO_COLOR: '1', ...key };
  return runPalinode(words, { env, cwd: '/' });
}

describe('palinode keys', () => {
  it('makes a key, and the line that gives it access', async () => {
    const { out } = await palinode(undefined, 'keys', 'create', 'ada', '--until', '2030-01-31');
    expect(out).toMatch(/^ {2}pk_[\w-]{43}$/m);
    expect(out).toMatch(/^ {2}ada operator sha256:[0-9a-f]{64} 2030-01-31$/m);
  });

  it.each([
    [['two words'], 'It must be 1 to 100 letters'],
    [['ada', '--role', 'owner'], 'Allowed choices are viewer, operator, admin'],
    [['ada', '--until', '2030-13-31'], 'It must be a day'],
    [['ada', '--until', '2026-01-31'], 'It has begun, so the key would never be accepted.'],
  ])('refuses %j', async (words, problem) => {
    await expect(palinode(undefined, 'keys', 'create', ...words)).resolves.toMatchObject({
      code: 1,
      err: expect.stringContaining(problem),
    });
  });

  it('lists who has a key, to an admin only', async () => {
    const listed = await palinode('admin', 'keys');
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/viewer@ops +viewer +[0-9a-f]{12}/) });
    const denied = await palinode('viewer', 'keys');
    expect(denied).toMatchObject({ code: 1, err: expect.stringContaining('viewer@ops is viewer; this needs admin.') });
  });

  it('lets the other commands in', async () => {
    await expect(palinode('viewer', 'sagas')).resolves.toMatchObject({ code: 0 });
    await expect(palinode(undefined, 'sagas')).resolves.toMatchObject({
      code: 1,
      err: expect.stringContaining('Send a valid key'),
    });
  });
});
