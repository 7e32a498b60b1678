import type { Locator, Page } from 'playwright-core';

/** What an operator has done in the browser. */
export interface Acts {
  /** Clicks and keyboard shortcuts. */
  readonly clicks: number;
  /** Fields that were typed into. */
  readonly fields: number;
}

/** Has a page of the console and nothing else. Each click, key and field counts; looking does not. */
export class OperatorAtConsole {
  private clicks = 0;
  private fields = 0;

  constructor(readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  async press(keys: string): Promise<void> {
    this.clicks += 1;
    await this.page.keyboard.press(keys);
  }

  async type(target: Locator, text: string): Promise<void> {
    this.fields += 1;
    await target.fill(text);
  }

  /** Resolves with what the operator reads, once it is there. */
  async see(target: Locator): Promise<string> {
    await target.waitFor();
    return target.innerText();
  }

  /** Gives the reason in the dialog of an action, and confirms it. */
  async confirm(action: string, reason: string): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await this.type(dialog.getByLabel('Reason'), reason);
    await this.click(dialog.getByRole('button', { name: action, exact: true }));
  }

  get acts(): Acts {
    return { clicks: this.clicks, fields: this.fields };
  }
}
