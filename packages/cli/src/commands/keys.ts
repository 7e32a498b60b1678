import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { createHash, randomBytes } from 'node:crypto';
import { columns } from '../operate/output';
import { operatorCommand } from './operate';

const ROLES = ['viewer', 'operator', 'admin'] as const;

interface CreateOptions {
  readonly role: string;
  readonly until?: string;
  readonly json?: true;
}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly until?: string;
}

/** `palinode keys`, `palinode keys create NAME`. */
export function keysCommand(): Command {
  return operatorCommand('keys', 'Shows who has a key of the admin API.', async (api) => {
    const { body } = await api.get<{ readonly items: readonly Key[] }>('keys');
    const rows = body.items.map(({ id, name, role, until = '' }) => [name, role, id, until.slice(0, 10)]);
    return { json: body.items, text: columns(['name', 'role', 'id in the audit', 'until'], rows) };
  })
    .enablePositionalOptions()
    .addCommand(createCommand());
}

function createCommand(): Command {
  return new Command('create')
    .description('Makes a key for the admin API and the console. It asks no server.')
    .addArgument(new Argument('<name>', 'whose it is, for the operator log').argParser(named))
    .addOption(
      new Option('--role <role>', 'viewer reads, operator acts, admin also sees who has keys')
        .choices(ROLES)
        .default('operator'),
    )
    .option('--until <day>', 'the key is refused from this day on, such as 2027-01-31', day)
    .option('--json', 'print the key and its line as JSON')
    .showHelpAfterError()
    .action((name: string, { role, until, json }: CreateOptions) => {
      const key = `pk_${randomBytes(32).toString('base64url')}`;
      const digest = createHash('sha256').update(key).digest('hex');
      const line = [name, role, `sha256:${digest}`, ...(until === undefined ? [] : [until])].join(' ');
      console.log(json ? JSON.stringify({ key, line }, undefined, 2) : textOf(name, key, line));
    });
}

function textOf(name: string, key: string, line: string): string {
  return [
    `The key of ${name}. It is shown only now; the file has its digest:`,
    `  ${key}`,
    '',
    'Add this line to the file with the keys (ADMIN_KEYS_FILE); it counts within a second:',
    `  ${line}`,
    '',
    'Commands use the key in PALINODE_KEY; the console asks for it.',
  ].join('\n');
}

function named(text: string): string {
  if (/^[\w.@+-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 100 letters, digits, or any of . _ @ + -');
}

function day(text: string): string {
  const begins = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(begins)) throw new InvalidArgumentError('It must be a day such as 2027-01-31.');
  if (begins <= Date.now()) throw new InvalidArgumentError('It has begun, so the key would never be accepted.');
  return text;
}
