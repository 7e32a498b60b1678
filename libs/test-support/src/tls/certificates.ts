import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const AUTHORITY = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
const MEMBER =
  'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n';
const THIS_MACHINE = 'DNS:localhost,IP:127.0.0.1';

/** The files of a certificate, in PEM. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** Key and certificate in one file, as Kafka takes them. */
  readonly bothFile: string;
}

/** A certificate authority in a directory, for tests. It needs the command `openssl`. */
export class CertificateAuthority {
  /** Why it cannot be created on this machine, with the remedy; undefined when it can. */
  static missing(): string | undefined {
    return spawnSync('openssl', ['version']).error === undefined
      ? undefined
      : 'The certificates of the tests are made by openssl and there is no such command: install OpenSSL.';
  }

  static async create(directory: string, name = 'authority'): Promise<CertificateAuthority> {
    const authority = new CertificateAuthority(
      directory,
      join(directory, `${name}.crt`),
      join(directory, `${name}.key`),
    );
    const request = await authority.request(name, authority.keyFile);
    await authority.sign(request, authority.caFile, AUTHORITY, ['-signkey', authority.keyFile]);
    return authority;
  }

  private constructor(
    private readonly directory: string,
    /** Its own certificate. */
    readonly caFile: string,
    private readonly keyFile: string,
  ) {}

  ca(): Promise<string> {
    return readFile(this.caFile, 'utf8');
  }

  /** A certificate for this name, and for these hosts as a server. */
  async issue(name: string, hosts = THIS_MACHINE): Promise<Certificate> {
    const file = (ending: string): string => join(this.directory, `${name}.${ending}`);
    const [certFile, keyFile, bothFile] = [file('crt'), file('key'), file('pem')];
    const request = await this.request(name, keyFile);
    const by = ['-CA', this.caFile, '-CAkey', this.keyFile, '-CAcreateserial'];
    await this.sign(request, certFile, `${MEMBER}subjectAltName=${hosts}\n`, by);
    await writeFile(bothFile, `${await readFile(keyFile, 'utf8')}${await readFile(certFile, 'utf8')}`);
    return { certFile, keyFile, bothFile };
  }

  private async request(name: string, keyFile: string): Promise<string> {
    const out = `${keyFile}.csr`;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
    await run('openssl', ['req', '-new', ...key, '-subj', `/CN=${name}`, '-out', out]);
    return out;
  }

  private async sign(request: string, out: string, extensions: string, by: readonly string[]): Promise<void> {
    const extFile = `${out}.ext`;
    await writeFile(extFile, extensions);
    await run('openssl', ['x509', '-req', '-in', request, '-days', '2', '-out', out, '-extfile', extFile, ...by]);
  }
}
