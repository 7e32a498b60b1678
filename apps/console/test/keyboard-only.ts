import type { Locator, Page } from 'playwright-core';

/** More elements than any screen can focus. */
const MOST_TABS = 300;

/** Runs in the page: waits for transitions to end, since a colour between two would look like neither. */
const SETTLED = `Promise.allSettled(
  document.getAnimations().filter((each) => each instanceof CSSTransition).map(({ finished }) => finished))`;

/**
 * Runs in the page: how what has the focus looks, with what surrounds it, since a control may show its focus on another
 * element than itself. Kept in the page for {@link LOOKS_DIFFERENT}.
 */
const REMEMBER_FOCUSED = `(async () => {
  await ${SETTLED};
  const element = document.activeElement;
  const around = [element, ...(element.parentElement?.children ?? []), element.parentElement, element.parentElement?.parentElement];
  const look = () => around.filter(Boolean).map((each) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(each);
    return [outlineStyle === 'none' ? '' : outlineWidth + outlineColor, boxShadow, borderColor, backgroundColor].join();
  }).join('|');
  const { top, bottom, left, right } = element.getBoundingClientRect();
  window.focusOfTest = { element, look, focused: look() };
  return {
    isLost: element === document.body || element === null,
    isInView: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    name: element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 60),
  };
})()`;

/** Runs in the page, after the focus has moved on: whether what had it looks different without it. */
const LOOKS_DIFFERENT = `${SETTLED}.then(() => window.focusOfTest.look() !== window.focusOfTest.focused)`;

interface Focused {
  readonly isLost: boolean;
  readonly isInView: boolean;
  readonly name: string;
}

/** Uses a page by the keyboard alone, and throws when the focus is lost, out of view or not visible. */
export class KeyboardOnly {
  constructor(private readonly page: Page) {}

  /** Presses Tab, or Shift+Tab, until this has the focus. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await target.waitFor({ state: 'attached' });
    const seen: string[] = [];
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await hasFocus(target)) {
        await this.focused();
        return;
      }
      seen.push(await this.tab(key));
    }
    throw new Error(`${String(target)} cannot be reached by ${key}. It went by:\n${seen.join('\n')}`);
  }

  /** Moves the focus on, and checks that it was visible where it was. Resolves with the name of what has it now. */
  async tab(key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string> {
    const before = await this.page.evaluate<Focused>(REMEMBER_FOCUSED);
    await this.page.keyboard.press(key);
    if (!before.isLost && !(await this.page.evaluate<boolean>(LOOKS_DIFFERENT)))
      throw new Error(`The focus is not visible at ${before.name}.`);
    return (await this.page.evaluate<Focused>(REMEMBER_FOCUSED)).name;
  }

  /** Tabs to this and presses a key there. */
  async use(target: Locator, key = 'Enter'): Promise<void> {
    await this.tabTo(target);
    await this.page.keyboard.press(key);
  }

  /** What has the focus. @throws Error when nothing has, or when it is out of view. */
  async focused(): Promise<string> {
    const { isLost, isInView, name } = await this.page.evaluate<Focused>(REMEMBER_FOCUSED);
    if (isLost) throw new Error('Nothing has the focus.');
    if (!isInView) throw new Error(`${name} has the focus and is not in view.`);
    return name;
  }
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}
