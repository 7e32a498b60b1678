import { Populated } from '../growth/populated';
import type { Variant } from './questions';

/** Databases full of sagas, each filled when it is first asked for and then copied for every turn. */
export class Templates {
  private readonly filled = new Map<string, string>();

  constructor(private readonly adminUrl: string) {}

  /** The name of the database that holds what this variant wants to be there before; undefined when it wants nothing. */
  async of({ name, stored }: Variant): Promise<string | undefined> {
    if (stored === undefined) return undefined;
    const known = this.filled.get(name);
    if (known !== undefined) return known;
    console.error(`storing ${name} sagas`);
    const populated = await Populated.with(stored.count, this.adminUrl, stored.crowd);
    await populated.close();
    const database = new URL(populated.databaseUrl).pathname.slice(1);
    this.filled.set(name, database);
    return database;
  }
}
