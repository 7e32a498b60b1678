/* The commands for operators, run as a user runs them, against the admin API on a real database. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { runPalinode, type Ended } from '@palinode/test-support/processes/run-palinode';
import { AdminUnderTest } from '../../../libs/saga/test/admin-under-test';
import { aStart } from '../../../libs/saga/test/messages';
import type { Command } from '@palinode/saga/contract';
import { defineSaga } from '@palinode/saga/definition';
import { aTrip, bookHotel, bookTrip } from '../../../libs/saga/test/sample-shapes';
import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  Order,
  rejectOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../../libs/saga/test/sample-saga';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
/** Longer than the test takes on any machine, so that no command is sent again meanwhile. */
const patient = { timeout: '1d' } as const;
const placeOrder = defineSaga({
  name: 'place-order',
  version: 1,
  input: Order,
  attributes: () => ({ article: ['cup', 'pot'] }),
})
  .compensation('order', { invoke: rejectOrder, payload: orderOf, ...patient })
  .parallel((branch) => ({
    stock: branch.compensatable({
      invoke: reserveStock,
      payload: orderOf,
      compensation: { invoke: releaseStock, payload: orderOf, ...patient },
      ...patient,
    }),
    payment: branch.compensatable({
      invoke: authorizePayment,
      payload: orderOf,
      compensation: { invoke: voidPayment, payload: orderOf, ...patient },
      ...patient,
    }),
  }))
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...patient,
  })
  .build();

let admin: AdminUnderTest;
let url: string;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder, bookTrip, bookHotel], { holdAfter: 'never' });
  await admin.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(admin.app.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(() => admin?.stop());

function palinode(...words: readonly string[]): Promise<Ended> {
  return palinodeIn('/', ...words);
}

function palinodeIn(cwd: string, ...words: readonly string[]): Promise<Ended> {
  const env = { HOME: process.env['HOME'], PALINODE_URL: url, PALINODE_OPERATOR: 'ada' };
  return runPalinode(words, { env, cwd });
}

async function begin(subject: string): Promise<string> {
  const sagaid = uuidV7();
  await admin.begin(aStart('place-order', anOrder(), { sagaid, subject }));
  return sagaid;
}

describe('palinode', () => {
  it('says that sagas advance, and that nothing needs a person', async () => {
    const { code, out } = await palinode('status');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('0 sagas are paused, for 0 reasons.') });
    expect(out).toMatch(/LAST HOUR +IN FLIGHT +OLDEST +STARTED[^]*place-order +0/);
    expect(out).toMatch(/SERVICE +INSTANCES +LAG +LAST REPLY[^]*payment +0/);
  });

  it('finds a saga by the beginning of its business key, and says why it stands', async () => {
    await begin('shop/4711');
    const found = await palinode('sagas', 'shop/47');
    expect(found.out).toMatch(/SAGA +DEFINITION +STATUS +SUBJECT[^]*place-order +RUNNING +shop\/4711/);
    const { code, out } = await palinode('why', 'shop/47');
    expect(code).toBe(0);
    // No colors where there is no terminal.
    expect(found.out + out).not.toContain('\u001B');
    expect(out).toMatch(
      /^RUNNING {2}It waits for the reply of inventory to inventory\.reserve-stock \(waiting-for-reply, for/,
    );
    expect(out).toMatch(/Next, in \w+: it sends inventory\.reserve-stock again/);
    expect(out).toMatch(/stock +inventory\.reserve-stock +under-way/);
  });

  it('finds sagas by filters, with where they stand and how many there are', async () => {
    await begin('shop/4901');
    const id = await begin('shop/4900');
    const filters = [
      '--attribute',
      'article:cup',
      '--step',
      'stock',
      '--status',
      'RUNNING,PAUSED',
      '--started-after',
      '1h',
    ];
    const { out } = await palinode('sagas', 'shop/4900', ...filters);
    expect(out).toMatch(/AT +REASON[^]*shop\/4900 +\S+ +stock 1\/5, payment 1\/5/);
    expect(out).toContain(`Next: palinode why ${id.slice(0, 13)}`);
    const others = await palinode('sagas', '--subject', 'shop/4900', '--no-held', '--no-stuck');
    expect(others.out).toContain(id);
    for (const none of [['--ended-after', '1d'], ['--held'], ['--incident', id]])
      expect((await palinode('sagas', 'shop/4900', ...none)).out).toBe('No saga matches.\n');
    const oldest = await palinode('sagas', '--oldest', '--limit', '1', '--definition', 'place-order', '--version', '1');
    expect(oldest.out).toMatch(/1 of \d+ sagas\./);
    const wrong = await palinode('sagas', '--step', 'dance');
    expect(wrong).toMatchObject({
      code: 1,
      err: expect.stringContaining('step "dance" is no step; there are capture'),
    });
  });

  it('shows a saga with its steps, its history and what can be done', async () => {
    const id = await begin('shop/5000');
    const { out } = await palinode('saga', id.slice(0, 20));
    expect(out).toContain('\narticle: cup, pot\n');
    expect(out).toMatch(/stock +compensatable +INVOKED +inventory\.reserve-stock +attempt 1, sent 1/);
    expect(out).toMatch(/1 {2}\S+Z {2}started → inventory\.reserve-stock, payment\.authorize/);
    expect(out).toContain(`palinode pause ${id.slice(0, 13)}`);
  });

  it('prints a recording for the test kit', async () => {
    const id = await begin('shop/5001');
    const { out } = await palinode('saga', id, '--as-test');
    expect(JSON.parse(out)).toMatchObject({ format: 'palinode-recording/1', sagaId: id });
  });

  it('acts on one saga under the name of the operator, and shows who did in the audit', async () => {
    const id = await begin('shop/6000');
    const without = await palinode('pause', id);
    expect(without).toMatchObject({ code: 1, err: expect.stringContaining('Give the --reason') });
    const tried = await palinode('pause', id, '--dry-run');
    expect(tried).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^pause of .*: it would be PAUSED\.\nNo command/),
    });
    const paused = await palinode('pause', id, '--reason', 'to look');
    expect(paused).toMatchObject({ code: 0, out: expect.stringContaining('it is PAUSED now') });
    const again = await palinode('pause', id, '--reason', 'to look');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('The saga is already paused') });
    const audit = await palinode('audit', '--limit', '1');
    expect(audit.out).toMatch(new RegExp(`ada +pause +saga ${id} +to look`));
    expect(await palinode('audit', '--verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The operator log is intact, up to entry \d+ [0-9a-f]+\.$/m),
    });
  });

  it('groups paused sagas into incidents, and resumes all of one by its letter', async () => {
    const ids = [await begin('shop/7000'), await begin('shop/7001')];
    for (const id of ids) await palinode('pause', id, '--reason', 'OPS-15');
    const listed = await palinode('incidents');
    expect(listed.code).toBe(3);
    const letter = /^([A-Z]) +(\d+) +operator/m.exec(listed.out);
    expect(letter).not.toBeNull();
    const [, name = '', count = ''] = letter!;
    const tried = await palinode('resume', name, '--attempts', '1', '--dry-run');
    expect(tried.out).toContain(`resume would take effect on ${count} of ${count}.`);
    const wrong = await palinode('resume', name, '--expect', '99', '--reason', 'OPS-15');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/99/) });
    const done = await palinode('resume', name, '--expect', count, '--reason', 'OPS-15', '--no-wait');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('palinode bulk') });
  });

  it('acts on an incident by its letter only with the number that was seen', async () => {
    const id = await begin('shop/7100');
    await palinode('pause', id, '--reason', 'OPS-16');
    const blind = await palinode('resume', 'A', '--reason', 'OPS-16');
    expect(blind).toMatchObject({ code: 1, err: expect.stringContaining('give --expect') });
    const held = await palinode('incidents', '--since', '1h');
    expect(held.out).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4} +\d+ +operator/m);
    expect(held.out).toContain('--where incident=');
  });

  it('gives a saga the signal that it waits for, and says what is wrong with its data', async () => {
    const start = aStart('book-trip', aTrip({ legs: [] }), { subject: 'trip/1' });
    const signal = (data: string) =>
      palinode('signal', 'trip/1', 'traveller-consent', '--reason', 'she called', '--data', data);
    await admin.begin(start);
    expect(await signal('{"given":')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--data is not JSON'),
    });
    const wrong = await signal('{"given":"yes"}');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('given') });
    expect(await signal('{"given":true}')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/has the signal traveller-consent\.\n.*palinode watch/),
    });
    const { body } = await admin.get(`sagas/${start.sagaid}`);
    expect(body.steps).toContainEqual(expect.objectContaining({ name: 'consent', status: 'DONE' }));
    expect((await palinode('audit', '--saga', 'trip/1')).out).toMatch(/signal +saga [0-9a-f-]+ +she called/);
    const onNothing = await palinode('audit', '--fault', start.sagaid);
    expect(onNothing).toMatchObject({ code: 0, out: expect.stringContaining('No operator has acted on it.') });
    expect(await palinode('audit', '--verify', '--hold', start.sagaid)).toMatchObject({ code: 1 });
  });

  it('skips a step of all sagas that a filter finds, and says when the step is missing', async () => {
    const tried = await palinode('skip', 'stock', '--where', 'status=RUNNING', '--dry-run');
    expect(tried).toMatchObject({ code: 0, out: expect.stringMatching(/^skip would take effect on 0 of \d+\./) });
    expect(await palinode('skip', 'shop/47', '--dry-run')).toMatchObject({
      code: 1,
      err: 'Name the step behind the saga.\n',
    });
  });

  it('holds one version of a step', async () => {
    const words = ['hold', '--definition', 'place-order', '--step', 'capture', '--version', '1', '--reason', 'a bug'];
    expect(await palinode(...words)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Held: place-order 1 capture.'),
    });
    const [, hold = ''] = /^([0-9a-f]{8}-[0-9a-f]{4}) +place-order/m.exec((await palinode('holds')).out) ?? [];
    expect(await palinode('release', hold, '--reason', 'mended')).toMatchObject({ code: 0 });
  });

  it('holds the commands of a service and lets them go', async () => {
    const held = await palinode('hold', '--service', 'payment', '--reason', 'the bank is down');
    expect(held).toMatchObject({ code: 0, out: expect.stringContaining('Held: payment.') });
    const listed = await palinode('holds');
    const [, hold = ''] = /^([0-9a-f]{8}-[0-9a-f]{4}) +payment +\d+ +ada/m.exec(listed.out) ?? [];
    expect(await palinode('release', hold, '--reason', 'it is back')).toMatchObject({ code: 0 });
    expect((await palinode('holds')).out).toBe('Nothing is held.\n');
  });

  it('follows a saga to its end, and says by the exit code that it was compensated', async () => {
    const id = await begin('shop/8000');
    await palinode('cancel', id, '--reason', 'the customer asked');
    const watched = palinode('watch', id);
    await admin.answer(id, { inventory: reserved, payment: authorized });
    await admin.answer(id, { inventory: undefined, payment: undefined });
    await admin.answer(id, { order: undefined });
    expect(await palinode('why', id)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^COMPENSATED [^]*\ncancelled: the customer asked/),
    });
    expect(await watched).toMatchObject({ code: 2, out: expect.stringMatching(/replied stock[^]*COMPENSATED {2}/) });
  });

  it('finds a saga by the id of one of its commands', async () => {
    const id = await begin('shop/8100');
    const { id: command } = admin.transport.sent<Command>('payment.commands').find(({ sagaid }) => sagaid === id)!;
    expect(await palinode('why', command)).toMatchObject({ code: 0, out: expect.stringMatching(/^RUNNING/) });
    expect((await palinode('sagas', command)).out).toContain(id);
  });

  it.each([
    [
      ['release', 'abcdef12', '--reason', 'x'],
      'No hold in force has an id that begins with abcdef12; see palinode holds.',
    ],
    [
      ['redrive', 'abcdef12', '--dry-run'],
      'No group of open dead letters has an id that begins with abcdef12; see palinode dead-letters.',
    ],
    [['release', 'a', '--reason', 'x'], /^Give the first four characters of the hold in force's id, or more/],
    [['resume', 'sho', '--reason', 'x'], /^No saga has the business key sho; .*give 4 characters or more/],
    [['bulk', '--pause', '--reason', 'x'], /^Name the bulk action to pause; see palinode bulk\.$/m],
    [['bulk', 'abcdef12', '--pause', '--stop', '--reason', 'x'], /^Give --pause or --stop, and not both\.$/m],
    [
      ['signal', 'shop/1', 'consent', '--reason', 'she called', '--data', '{bad'],
      /^--data is not JSON: (?!SyntaxError)/,
    ],
    [['sagas', '--started-after', '0'], /argument '0' is invalid\. It must be an instant/],
    [['hold', '--service', 'nowhere', '--reason', 'x'], /^nowhere is not a service [^\n]+\n$/],
    [
      ['status', '--url', 'http://ada:secret@127.0.0.1:1'],
      /^A URL of an admin API has no name and no password; (?!.*secret)/,
    ],
    [['bulk', 'abcdef12'], 'No bulk action has an id that begins with abcdef12; see palinode bulk.'],
    [['hold', '--reason', 'x'], 'Say what to hold: --service, or --definition and --step.'],
    [
      ['retry', '--where', 'status=PAUSED,RUNNING', '--expect', '999', '--reason', 'x'],
      /match, not 999\. .*give --expect \d+/,
    ],
    [['keys'], /Access to this admin API is not by keys/],
  ])('says what to do instead of %j', async (words, problem) => {
    expect(await palinode(...words)).toMatchObject({ code: 1, err: expect.stringMatching(problem) });
  });

  it('says what answered when it is not an orchestrator, and takes no page of a proxy for an export', async () => {
    const proxy = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      for (const words of [['status'], ['why', 'shop/1'], ['audit', '--verify'], ['audit', '--export', 'csv']])
        expect(await palinode(...words, '--url', origin)).toEqual({
          code: 1,
          out: '',
          err: expect.stringMatching(
            /^http\S+ is not the API of an orchestrator: it answered 200 with text\/html\.\n$/,
          ),
        });
    } finally {
      proxy.close();
    }
  });

  it('takes a key with the line break of its file, and does not show one that it cannot send', async () => {
    const withKey = (PALINODE_KEY: string) =>
      runPalinode(['incidents'], { env: { HOME: process.env['HOME'], PALINODE_URL: url, PALINODE_KEY }, cwd: '/' });
    expect((await withKey('pk_secret\n')).err).toBe('');
    expect(await withKey('pk_secret\nsecret')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^PALINODE_KEY is no key: (?!.*secret)/),
    });
  });

  it('lists the commands by what one uses them for, those to look first', async () => {
    const { out } = await palinode('--help');
    expect(out).toMatch(/\nLook:\n +status [^]*\nAct:\n +resume [^]*\nDevelop and practise:\n/);
  });

  it('says what is missing when it cannot reach an orchestrator or does not know a saga', async () => {
    const away = await palinode('status', '--url', 'http://127.0.0.1:1');
    expect(away).toMatchObject({
      code: 1,
      err: expect.stringContaining('No orchestrator answers at http://127.0.0.1:1'),
    });
    const unknown = await palinode('why', 'shop/nowhere');
    expect(unknown).toMatchObject({
      code: 1,
      err: 'No saga has an id, a business key or a command id that begins with shop/nowhere.\n',
    });
    const several = await palinode('why', 'shop/');
    expect(several).toMatchObject({
      code: 1,
      err: expect.stringContaining('shop/ names several sagas; give the id of one:'),
    });
  });

  it('says where the order service is to be named, and that faults cannot be armed in production', async () => {
    expect(await palinode('order')).toMatchObject({ code: 1, err: expect.stringContaining('PALINODE_ORDER_URL') });
    expect(await palinode('order', '--order-url', 'shop')).toMatchObject({
      code: 1,
      err: 'shop is no URL of an order service; write http://host:port.\n',
    });
    for (const words of [[], ['arm', 'payment.capture', 'fail'], ['hits']]) {
      expect(await palinode('faults', ...words)).toMatchObject({
        code: 1,
        err: 'Faults cannot be armed here: this orchestrator has none, as in production.\n',
      });
    }
  });

  it('runs the demo of the project whose stack runs here, and ends as that does', async () => {
    expect(await palinode('demo', 'poison')).toMatchObject({ code: 1, err: expect.stringContaining('No stack runs') });
    const project = mkdtempSync(join(tmpdir(), 'palinode-demo-'));
    try {
      mkdirSync(join(project, '.palinode'));
      writeFileSync(join(project, '.palinode/stack.json'), '{}');
      expect(await palinodeIn(project, 'demo', 'poison')).toMatchObject({
        code: 1,
        err: expect.stringContaining('has no script demo in its package.json'),
      });
      const demo = `node -e "console.log('scenario', process.argv[1]); process.exitCode = 7"`;
      writeFileSync(join(project, 'package.json'), JSON.stringify({ scripts: { demo } }));
      const ended = await palinodeIn(project, 'demo', 'poison');
      expect(ended).toMatchObject({ code: 7, out: expect.stringContaining('scenario poison') });
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});
