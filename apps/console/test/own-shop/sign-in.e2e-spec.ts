/* Access by keys in the console: signing in and out, what each role may do, and a key that is withdrawn. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPalinode } from '@palinode/test-support/processes/run-palinode';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Locator, Page } from 'playwright-core';
import { anOrder, ShopClient } from '../../../../test/end-to-end/shop-client';
import { KeyboardOnly } from '../keyboard-only';
import { accessibilityProblems, describeInBrowser, themes, type PageOptions } from '../in-browser';

const OWNERS = { vera: 'viewer', otto: 'operator', ada: 'admin', carl: 'operator' } as const;
type Owner = keyof typeof OWNERS;

/** Who is not signed in is answered 401, also in the console's log. */
const expected = [/status of 401/];

describeInBrowser('signing in to the console', (inBrowser) => {
  let directory: string;
  let stack: Stack;
  const keys: Partial<Record<Owner, string>> = {};
  const lines: Partial<Record<Owner, string>> = {};
  const keysFile = (): string => join(directory, 'keys');
  const writeKeys = (): void => writeFileSync(keysFile(), Object.values(lines).join('\n'));

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palinode-keys-'));
    for (const [name, role] of Object.entries(OWNERS)) {
      const { out } = await runPalinode(['keys', 'create', name, '--role', role], { env: {}, cwd: directory });
      [keys[name as Owner]] = /pk_\S+/.exec(out) ?? [];
      [lines[name as Owner]] = new RegExp(`${name} ${role} sha256:.*`).exec(out) ?? [];
    }
    writeKeys();
    stack = await Stack.start({ environment: { ADMIN_ACCESS: 'keys', ADMIN_KEYS_FILE: keysFile() } });
    inBrowser.useOrchestrator(stack.adminUrl);
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const keyField = (page: Page): Locator => page.getByLabel(/^Your key/);
  const signIn = async (page: Page, key: string | undefined): Promise<void> => {
    await keyField(page).fill(key ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  /** A page of somebody who has signed in. */
  const pageOf = async (owner: Owner, path = '', options: PageOptions = {}): Promise<Page> => {
    const page = await inBrowser.open(path, { ...options, expected });
    await signIn(page, keys[owner]);
    await page.getByRole('button', { name: owner, exact: true }).waitFor();
    return page;
  };
  const signOut = async (page: Page, owner: Owner): Promise<void> => {
    await page.getByRole('button', { name: owner, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await keyField(page).waitFor();
  };
  /** The newest, while the one of the button before fades. */
  const whyNot = (page: Page): Locator =>
    page.getByRole('tooltip', { name: 'Your role is viewer; this needs operator' }).last();
  const holdPayment = (page: Page): Locator => page.getByRole('button', { name: 'Hold payment' });

  it('refuses a wrong key and shows nothing', async () => {
    const page = await inBrowser.open('sagas', { expected });
    await signIn(page, 'pk_none-of-the-keys');
    await page.getByRole('alert').getByText('This is none of the keys, or it has ended.').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await signIn(page, keys.vera);
    await page.getByRole('heading', { level: 1, name: 'Sagas' }).waitFor();
  });

  it('lets a viewer look, and says why a viewer cannot act', async () => {
    const { body } = await ShopClient.of(stack).place(anOrder({ paymentToken: 'tok_declined' }));
    const page = await pageOf('vera');
    const keyboard = new KeyboardOnly(page);
    await holdPayment(page).waitFor();
    for (const path of ['', 'holds', `sagas?q=${body.orderId}`]) {
      await inBrowser.go(page, path);
      if (path.startsWith('sagas')) {
        await keyboard.use(page.getByRole('checkbox', { name: 'Select the sagas shown' }), ' ');
        await page.getByRole('button', { name: 'Act', exact: true }).waitFor();
      }
      const acting = page.getByRole('button', { name: /^(Hold |Act$)/ });
      expect(await acting.count()).toBeGreaterThan(0);
      for (const button of await acting.all()) {
        await keyboard.tabTo(button);
        await whyNot(page).waitFor();
        await page.keyboard.press('Enter');
        await button.click({ force: true });
        expect(await button.getAttribute('aria-disabled')).toBe('true');
        expect(await page.getByRole('dialog').or(page.getByRole('menu')).count()).toBe(0);
      }
    }
    await page.getByRole('link', { name: body.orderId }).click();
    await page.getByRole('heading', { level: 1, name: /^place-order/ }).waitFor();
    for (const action of ['Pause', 'Resume', 'Retry now', 'Cancel'])
      expect(await page.getByRole('button', { name: action, exact: true, disabled: true }).count()).toBe(1);
    await page.getByText('card-declined').first().waitFor();
  });

  it('says why a viewer cannot act on a touch, too', async () => {
    const page = await pageOf('vera', '', { hasTouch: true });
    // Playwright waits for what is enabled before it taps.
    await holdPayment(page).tap({ force: true });
    await whyNot(page).waitFor();
  });

  it('lets an operator act under the name of the key', async () => {
    const page = await pageOf('otto');
    await holdPayment(page).click();
    const dialog = page.getByRole('dialog', { name: 'Hold commands' });
    await dialog.getByText('You act as otto.').waitFor();
    expect(await dialog.getByLabel('Your name').count()).toBe(0);
    await dialog.getByLabel('Reason').fill('OPS-20');
    await dialog.getByRole('button', { name: 'Hold', exact: true }).click();
    await page.getByRole('button', { name: 'Release payment' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('OPS-20 is over');
    await page.getByRole('dialog').getByRole('button', { name: 'Release', exact: true }).click();
    await holdPayment(page).waitFor();
    await inBrowser.go(page, 'audit');
    await page.getByRole('row').filter({ hasText: 'OPS-20 is over' }).filter({ hasText: 'otto' }).waitFor();
  });

  it('tells an admin so, and lets an admin act', async () => {
    const page = await pageOf('ada');
    expect(await holdPayment(page).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'ada', exact: true }).click();
    await page.getByText('Your role is admin').waitFor();
  });

  it('ends all access when somebody signs out, also that of the live stream', async () => {
    const page = await pageOf('otto');
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    const streamEnds = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/v1/stream'));
    await signOut(page, 'otto');
    await streamEnds;
    await page.goBack().catch(() => undefined);
    await inBrowser.go(page, 'sagas');
    await keyField(page).waitFor();
    await signIn(page, keys.vera);
    await page.getByRole('button', { name: 'vera', exact: true }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  });

  it('asks for a key again by itself once it is withdrawn', async () => {
    const page = await pageOf('carl');
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    delete lines.carl;
    writeKeys();
    await waitUntil('the key to be refused', async () => {
      const headers = { authorization: `Bearer ${keys.carl}` };
      return (await fetch(`${stack.adminUrl}/v1/session`, { headers })).status === 401;
    });
    // The first screen reads anew now and then, also when nothing happens.
    await keyField(page).waitFor();
    await signIn(page, keys.carl);
    await page.getByRole('alert').getByText('This is none of the keys').waitFor();
  });

  it.each(themes)('has an accessible page for the key in the %s theme, in any width', async (theme) => {
    const page = await inBrowser.open('', { theme, width: 320, expected });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320);
    await signIn(page, 'pk_none-of-the-keys');
    await page.getByRole('alert').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
