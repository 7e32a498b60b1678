/* Keeps the focus when the element that has it goes away: a button whose press removes or disables it, a dialog, a screen. */

/** An element that had the focus, with what was around it then: a removed element no longer knows. */
interface Place {
  readonly element: HTMLElement;
  readonly ancestors: readonly Element[];
}

/** A browser gives the focus to nothing when the element that has it is removed or disabled. */
const isGone = ({ element }: Place): boolean => !element.isConnected || element.matches(':disabled');

/**
 * Moves the focus on when the element that has it is removed or disabled: from a dialog or a menu to what opened it, and
 * otherwise to the heading of the nearest section that is still there. From the heading Tab continues in that section, and
 * a key that is pressed once more does nothing. Returns what ends that.
 */
export function keepFocus(root: Document): () => void {
  let last: Place | undefined;
  const openers = new WeakMap<Element, Place>();

  const focused = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    const place: Place = { element: target, ancestors: ancestorsOf(target) };
    const dialog = place.ancestors.find(isDialog);
    if (dialog && last && !last.ancestors.includes(dialog) && !openers.has(dialog)) openers.set(dialog, last);
    last = place;
  };

  // Who clicks beside all controls leaves the element, which is still there; a removed or disabled one is left by the browser.
  const left = (): void =>
    void setTimeout(() => {
      if (last && !isGone(last) && root.hasFocus() && root.activeElement === root.body) last = undefined;
    });

  const changed = (): void => {
    if (last === undefined || !isGone(last)) return;
    const { activeElement } = root;
    if (activeElement !== null && activeElement !== root.body && activeElement !== last.element) return;
    // Undefined while the next screen loads: what it adds to the page asks again.
    successorOf(last, openers)?.focus({ preventScroll: true });
  };

  const observer = new MutationObserver(changed);
  observer.observe(root.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
  root.addEventListener('focusin', focused);
  root.addEventListener('focusout', left);
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', focused);
    root.removeEventListener('focusout', left);
  };
}

const isDialog = (element: Element): boolean => element.matches('[role=dialog]');

function ancestorsOf(element: Element): readonly Element[] {
  const { parentElement } = element;
  return parentElement ? [parentElement, ...ancestorsOf(parentElement)] : [];
}

function successorOf({ ancestors }: Place, openers: WeakMap<Element, Place>): HTMLElement | undefined {
  const menu = ancestors.find((each) => each.matches('[role=menu]'))?.getAttribute('aria-labelledby');
  const button = menu ? document.getElementById(menu) : null;
  if (button) return button;
  const dialog = ancestors.find((each) => isDialog(each) && !each.isConnected);
  const opener = dialog && openers.get(dialog);
  if (opener) return isGone(opener) ? successorOf(opener, openers) : opener.element;
  const sections = ancestors.filter((each) => each.isConnected && each.matches('section, [role=dialog]'));
  const heading =
    sections.map((each) => each.querySelector<HTMLElement>('h1, h2, h3')).find((each) => each !== null) ??
    document.querySelector<HTMLElement>('main h1');
  // A heading takes the focus from a program only, not from Tab.
  if (heading) heading.tabIndex = -1;
  return heading ?? undefined;
}
