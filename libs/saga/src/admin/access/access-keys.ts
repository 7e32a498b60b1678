import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { ConfigurationError } from '../../contract';
import { ROLES, type Access, type AccessRequest, type Identity, type Role } from './access';

/** Where the console keeps the key that was entered. */
export const KEY_COOKIE = 'palinode-key';

/** A key as it is kept: its digest only. */
export interface AccessKey {
  /** Whose it is, for the operator log. */
  readonly name: string;
  readonly role: Role;
  /** The SHA-256 of the key, in hexadecimal digits. A key is 32 random bytes, so a slow digest would add nothing. */
  readonly digest: string;
  /** The key is refused from then on. @default never */
  readonly until?: Date | undefined;
}

/** Where the keys come from. */
export interface AccessKeysOptions {
  /**
   * A file with a line for each key: name, role, `sha256:` and its digest, and perhaps the day on which it ends, as
   * `palinode keys create` prints it. Empty lines and those that begin with `#` do not count. A change takes effect
   * within a second.
   */
  readonly file: string;
}

/** How long a list of keys is used before the file is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;
const LINE =
  /^(?<name>[\w.@+-]{1,100})\s+(?<role>\S+)\s+sha256:(?<digest>[0-9a-f]{64})(?:\s+(?<until>\d{4}-\d{2}-\d{2}))?$/;
const BEARER = /^Bearer +(\S+)$/i;
const COOKIE = new RegExp(String.raw`(?:^|;\s*)${KEY_COOKIE}=([^;\s]+)`);

/**
 * Keys for people and programs, listed in a file. A request shows one as `Authorization: Bearer <key>`; the console
 * keeps it in a cookie.
 */
export function accessKeys({ file }: AccessKeysOptions): Access {
  return new AccessKeys(file);
}

/** Made by {@link accessKeys}. */
export class AccessKeys implements Access {
  readonly signsInByKey = true;
  private known: { readonly keys: ReadonlyMap<string, AccessKey>; readonly changedAt: number } | undefined;
  private lookedAt = 0;
  private looking: Promise<void> | undefined;

  constructor(private readonly file: string) {}

  async identify(request: AccessRequest): Promise<Identity | undefined> {
    const key = keyOf(request);
    return key === undefined ? undefined : this.identityFor(key);
  }

  /** Whose key this is; undefined when it is none, or no longer one. */
  async identityFor(key: string): Promise<Identity | undefined> {
    const digest = digestOf(key);
    const found = (await this.keys()).get(digest);
    if (found === undefined || (found.until !== undefined && found.until <= new Date())) return undefined;
    return { name: found.name, role: found.role, key: idOf(found) };
  }

  /** All keys that are listed. */
  async list(): Promise<readonly AccessKey[]> {
    return [...(await this.keys()).values()];
  }

  /** @throws ConfigurationError when the file cannot be read the first time, or has a line that is none of a key. */
  private async keys(): Promise<ReadonlyMap<string, AccessKey>> {
    if (this.known === undefined || Date.now() - this.lookedAt > LOOK_AGAIN_MS) {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
      await this.looking;
    }
    return this.known?.keys ?? new Map();
  }

  private async look(): Promise<void> {
    const changedAt = await this.changedAt();
    if (this.known?.changedAt !== changedAt) this.known = { keys: parseKeys(await this.read(), this.file), changedAt };
    this.lookedAt = Date.now();
  }

  private async changedAt(): Promise<number> {
    return (await stat(this.file).catch((error: unknown) => this.unreadable(error))).mtimeMs;
  }

  private read(): Promise<string> {
    return readFile(this.file, 'utf8').catch((error: unknown) => this.unreadable(error));
  }

  private unreadable(error: unknown): never {
    throw new ConfigurationError(
      `The file with the keys of the admin API cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** The keys of a file's text, by digest. @throws ConfigurationError that names the line which is wrong. */
export function parseKeys(text: string, file: string): ReadonlyMap<string, AccessKey> {
  const keys = new Map<string, AccessKey>();
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const key = keyIn(trimmed);
    if (key === undefined)
      throw new ConfigurationError(
        `Line ${index + 1} of ${file} is no key: it must be a name, one of ${ROLES.join(', ')}, sha256: and 64 ` +
          'hexadecimal digits, and perhaps a day such as 2027-01-31. palinode keys create prints such lines.',
      );
    keys.set(key.digest, key);
  }
  return keys;
}

function keyIn(line: string): AccessKey | undefined {
  const { name = '', role = '', digest = '', until } = LINE.exec(line)?.groups ?? {};
  if (name === '' || !isRole(role)) return undefined;
  const end = until === undefined ? undefined : new Date(`${until}T00:00:00Z`);
  return end !== undefined && Number.isNaN(end.getTime()) ? undefined : { name, role, digest, until: end };
}

function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

function keyOf({ headers }: AccessRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? COOKIE.exec(headers.cookie ?? '')?.[1];
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Names a key in the operator log without telling anything of it. */
export function idOf({ digest }: Pick<AccessKey, 'digest'>): string {
  return digest.slice(0, 12);
}
