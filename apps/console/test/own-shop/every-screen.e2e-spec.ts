/* What holds of every screen and every dialog, of a shop in which things have happened. */
import { Stack } from '@palinode/test-support/shop/stack';
import type { Locator, Page } from 'playwright-core';
import { seedShop, type Seeded } from '@palinode/test-support/shop/seed-shop';
import { accessibilityProblems, describeInBrowser, themes } from '../in-browser';

/** The screens without an id. */
const LISTS = [
  '',
  'sagas',
  'incidents',
  'incidents?status=COMPENSATED',
  'dead-letters',
  'dead-letters?view=letters',
  'definitions',
  'definitions/place-order',
  'definitions/revise-order?version=2',
  'holds',
  'bulk-actions',
  'audit',
  'instances',
  'faults',
  'shop',
  'about',
  'no-such-page',
];

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).first();
const opens =
  (name: string | RegExp) =>
  (page: Page): Promise<void> =>
    button(page, name).click();

/** What opens over a screen: where, and how. */
interface Overlay {
  readonly on: string;
  readonly open: (page: Page) => Promise<void>;
  /** @default a dialog */
  readonly shows?: (page: Page) => Locator;
}

const menu = (page: Page): Locator => page.getByRole('menu');

function overlaysOf({ pausedSagaId, orderId, letterId }: Seeded): Readonly<Record<string, Overlay>> {
  const saga = `sagas/${pausedSagaId}`;
  const letter = `dead-letters/${letterId}`;
  return {
    keys: { on: '', open: (page) => page.keyboard.press('Shift+?') },
    find: { on: '', open: (page) => page.keyboard.press('ControlOrMeta+k') },
    'find a saga': {
      on: '',
      open: async (page) => {
        await page.keyboard.press('ControlOrMeta+k');
        await page.getByRole('textbox', { name: 'Find' }).fill(orderId.slice(0, 18));
        await button(page, new RegExp(orderId)).waitFor();
      },
    },
    copy: { on: '', open: opens('Copy'), shows: menu },
    'hold a service': { on: '', open: opens('Hold payment') },
    'release a service': { on: '', open: opens('Release inventory') },
    'resume an incident': { on: 'incidents', open: opens(/^Resume \d/) },
    'other actions on an incident': { on: 'incidents', open: opens(/^Other actions/), shows: menu },
    'resolve an incident': {
      on: 'incidents',
      open: async (page) => {
        await button(page, /^Other actions/).click();
        await page.getByRole('menuitem', { name: 'Resolve …' }).click();
      },
    },
    'resume a saga': { on: saga, open: opens('Resume') },
    'cancel a saga': { on: saga, open: opens('Cancel') },
    'views of sagas': { on: 'sagas?status=PAUSED', open: opens('Views') },
    'act on sagas': {
      on: 'sagas?status=PAUSED',
      open: async (page) => {
        await page.getByRole('checkbox', { name: 'Select row 1', exact: true }).waitFor();
        await page.getByRole('checkbox', { name: 'Select the sagas shown' }).click();
        await button(page, 'Act').click();
      },
      shows: menu,
    },
    'hold commands': { on: 'holds', open: opens('Hold commands …') },
    'hold a step': {
      on: 'holds',
      open: async (page) => {
        await button(page, 'Hold commands …').click();
        await page.getByText('a step of a definition').click();
        await page
          .getByRole('textbox', { name: 'Step' })
          .or(page.getByRole('combobox', { name: 'Step' }))
          .waitFor();
      },
    },
    'discard all dead letters': { on: 'dead-letters', open: opens(/^Discard all/) },
    'redrive a group': { on: 'dead-letters', open: opens('Redrive') },
    'redrive a dead letter': { on: letter, open: opens('Redrive …') },
    'discard a dead letter': { on: letter, open: opens('Discard …') },
    'show a dead letter': { on: letter, open: opens('Show the whole message …') },
    'a step of a definition': {
      on: 'definitions/place-order',
      open: (page) => page.locator('.react-flow__node', { hasText: 'payment.capture' }).press('Enter'),
    },
    'break a step': {
      on: 'faults',
      open: (page) => page.locator('.react-flow__node', { hasText: 'payment.capture' }).press('Enter'),
    },
  };
}

describeInBrowser('every screen', (inBrowser) => {
  let stack: Stack;
  let seeded: Seeded;
  let screens: readonly string[];

  beforeAll(async () => {
    stack = await Stack.start();
    inBrowser.useOrchestrator(stack.adminUrl);
    seeded = await seedShop(stack);
    const { pausedSagaId, orderId, letterId, bulkActionId } = seeded;
    const details = [
      `sagas/${pausedSagaId}`,
      `dead-letters/${letterId}`,
      `bulk-actions/${bulkActionId}`,
      `shop/orders/${orderId}`,
    ];
    screens = [...LISTS, ...details];
  });

  afterAll(() => stack?.stop());

  /** The width of the page as soon as it fits its window, or when it has been drawn often enough to fit. */
  const widthOf = (page: Page): Promise<number> =>
    page.evaluate<number>(`new Promise((resolve) => {
      const look = (frames) => {
        const { scrollWidth } = document.documentElement;
        if (scrollWidth === innerWidth || frames === 0) resolve(scrollWidth);
        else requestAnimationFrame(() => look(frames - 1));
      };
      requestAnimationFrame(() => look(60));
    })`);

  it.each(themes)('is accessible in the %s theme', async (theme) => {
    const page = await inBrowser.open('', { theme });
    const found: Record<string, readonly string[]> = {};
    for (const path of screens) {
      await inBrowser.go(page, path);
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[path] = problems;
    }
    expect(found).toEqual({});
  });

  it('fits windows from 320 to 2,560 px', async () => {
    const page = await inBrowser.open();
    const found: Record<string, readonly number[]> = {};
    for (const path of screens) {
      await inBrowser.go(page, path);
      const tooWide: number[] = [];
      for (const width of [320, 768, 1_280, 2_560]) {
        await page.setViewportSize({ width, height: 800 });
        if ((await widthOf(page)) !== width) tooWide.push(width);
      }
      if (tooWide.length > 0) found[path] = tooWide;
    }
    expect(found).toEqual({});
  });

  it.each([
    { theme: 'light', width: 1_280 },
    { theme: 'dark', width: 320 },
  ] as const)('has accessible dialogs that fit in the $theme theme, $width px wide', async ({ theme, width }) => {
    const page = await inBrowser.open('', { theme, width, expected: [/status of 409/] });
    const found: Record<string, readonly (string | number)[]> = {};
    for (const [name, { on, open, shows }] of Object.entries(overlaysOf(seeded))) {
      await inBrowser.go(page, on);
      await open(page);
      const overlay = shows?.(page) ?? page.getByRole('dialog');
      await overlay.first().waitFor();
      // A preview that is on its way is drawn without words.
      await page.locator('[role=status][aria-label^=Finding]').waitFor({ state: 'detached' });
      const widest = await widthOf(page);
      const problems = [...(await accessibilityProblems(page)), ...(widest === width ? [] : [widest])];
      if (problems.length > 0) found[name] = problems;
    }
    expect(found).toEqual({});
  });
});
