import { Command, Option } from 'commander';
import { CliError } from '../cli-error';
import type { AdminApi } from '../operate/admin-api';
import { findSaga } from '../operate/find-saga';
import { columns, nextStep } from '../operate/output';
import type { FaultView } from '../operate/views';
import { count, operatorCommand, type Shown } from './operate';

/** What was acted on. */
const TARGETS = {
  saga: 'actions on this saga',
  hold: 'actions on this hold',
  'dead-letter': 'actions on this dead letter',
  'bulk-action': 'actions on this bulk action, and those that are part of it',
  fault: 'actions on this fault',
} as const;

const CONTENT_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

interface AuditOptions {
  readonly verify?: true;
  readonly export?: 'csv' | 'ndjson';
  readonly limit: number;
  readonly position?: number;
  readonly hash?: string;
  readonly fault?: string;
  readonly saga?: string;
  readonly hold?: string;
  readonly deadLetter?: string;
  readonly bulkAction?: string;
}

interface Verification {
  readonly status: string;
  readonly last?: { readonly position: number; readonly hash: string };
  readonly broken?: { readonly position: number; readonly problem: string };
}

interface Entry {
  readonly at: string;
  readonly operator: string;
  readonly action: string;
  readonly target: string;
  readonly reason?: string;
  readonly saga?: string;
  readonly hold?: string;
  readonly deadLetter?: string;
  readonly bulkAction?: string;
  readonly fault?: string;
  readonly before?: FaultStanding;
  readonly after?: FaultStanding;
}

interface FaultStanding {
  readonly fault?: Pick<FaultView, 'service' | 'command' | 'point' | 'effect'>;
}

export function auditCommand(): Command {
  const command = operatorCommand<AuditOptions>(
    'audit',
    'Shows what operators did, the newest first.',
    (api, _, options) => audit(api, options),
  )
    .option('--verify', 'compute the hashes of the operator log anew; exit code 3 when an entry was changed')
    .option('--position <number>', 'with --verify: an entry that was noted before', count)
    .option('--hash <hash>', 'with --verify: its hash')
    .addOption(new Option('--export <format>', 'the whole log').choices(['csv', 'ndjson']))
    .option('--limit <number>', 'how many at most', count, 20);
  for (const [target, what] of Object.entries(TARGETS)) command.option(`--${target} <id>`, `only ${what}`);
  return command;
}

async function audit(
  api: AdminApi,
  { verify, export: format, limit, position, hash, saga, hold, deadLetter, bulkAction, fault }: AuditOptions,
): Promise<Shown> {
  const given = { saga, hold, deadLetter, bulkAction, fault };
  const isFiltered = Object.values(given).some((id) => id !== undefined);
  if (isFiltered && (verify || format !== undefined))
    throw new CliError('--verify and --export take the whole log: give them without a saga or another target.');
  if (format !== undefined) {
    const text = await api.text('operator-actions/export', { format }, CONTENT_TYPES[format]);
    return { json: text, text: text.trimEnd() };
  }
  if (verify) {
    const { body } = await api.get<Verification>('operator-actions/verification', { position, hash });
    const isIntact = body.status === 'intact';
    return {
      json: body,
      text: isIntact ? intactText(body) : brokenText(body),
      exitCode: isIntact ? 0 : 3,
    };
  }
  const query = { ...given, ...(saga !== undefined && { saga: (await findSaga(api, saga)).id }) };
  const entries = await api.list<Entry>('operator-actions', query, limit);
  const rows = entries.map((entry) => [entry.at, entry.operator, entry.action, targetOf(entry), whyOf(entry)]);
  if (rows.length === 0) return { json: entries, text: `No operator has acted${isFiltered ? ' on it' : ' yet'}.` };
  const table = columns(['at', 'who', 'action', 'on', 'why'], rows);
  return { json: entries, text: [table, '', nextStep('palinode audit --verify')].join('\n') };
}

/** What was acted on; its id is what other commands take. */
function targetOf({ target, saga, hold, deadLetter, bulkAction, fault }: Entry): string {
  const ids: Readonly<Record<string, string | undefined>> = {
    saga,
    hold,
    'dead-letter': deadLetter,
    'bulk-action': bulkAction,
    fault,
  };
  return `${target.replace('-', ' ')} ${ids[target] ?? ''}`.trimEnd();
}

/** The reason of the action; of a fault, which has no reason, what it does. */
function whyOf({ reason, before, after }: Entry): string {
  const fault = (after ?? before)?.fault;
  if (fault === undefined) return reason ?? '';
  return `${fault.effect.type} at ${fault.point} of ${fault.command ?? fault.service}`;
}

/** Note the last entry: later it shows that none was removed since. */
function intactText({ last }: Verification): string {
  if (last?.position === 0) return 'The operator log is empty.';
  return `The operator log is intact${last === undefined ? '' : `, up to entry ${last.position} ${last.hash}`}.`;
}

/** Says which entry was changed, and what to do: only somebody with access to the database can have changed it. */
function brokenText({ broken }: Verification): string {
  const { position, problem } = broken ?? {};
  return [
    `The operator log is not what was written, from entry ${position} on: ${problem}`,
    'Somebody changed it in the database. Compare it with an earlier export.',
    nextStep('palinode audit --export ndjson'),
  ].join('\n');
}
