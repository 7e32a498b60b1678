/** Builds the WHERE clause of a list from the given filters, joined by AND. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly texts: string[] = [];

  /**
   * Adds a condition. `condition` is SQL that ends before its value, such as `status =`; without a value it is left
   * out.
   */
  add(condition: string, value: unknown): this {
    if (value !== undefined) this.texts.push(`${condition} ${this.parameter(value)}`);
    return this;
  }

  /** Adds a condition without a value. */
  addWhole(condition: string | undefined): this {
    if (condition !== undefined) this.texts.push(condition);
    return this;
  }

  /** Adds a value and returns its placeholder. */
  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  get where(): string {
    return this.texts.length === 0 ? '' : `WHERE ${this.texts.join(' AND ')}`;
  }
}
