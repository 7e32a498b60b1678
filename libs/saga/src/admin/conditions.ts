/** The WHERE clause of a list: the filters that are given, all of which must hold. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly texts: string[] = [];

  /** `condition` is SQL that ends before its value, such as `status =`; without a value it is left out. */
  add(condition: string, value: unknown): this {
    if (value !== undefined) this.texts.push(`${condition} ${this.parameter(value)}`);
    return this;
  }

  /** A condition that needs no value. */
  addWhole(condition: string | undefined): this {
    if (condition !== undefined) this.texts.push(condition);
    return this;
  }

  /** The placeholder of one more value. */
  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  get where(): string {
    return this.texts.length === 0 ? '' : `WHERE ${this.texts.join(' AND ')}`;
  }
}
