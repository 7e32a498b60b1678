import { Command, Option } from 'commander';
import type { AdminApi } from '../operate/admin-api';
import { columns, nextStep } from '../operate/output';
import { count, operatorCommand, type Shown } from './operate';

interface AuditOptions {
  readonly verify?: true;
  readonly export?: 'csv' | 'ndjson';
  readonly limit: number;
  readonly position?: number;
  readonly hash?: string;
}

interface Verification {
  readonly status: string;
  readonly last?: { readonly position: number; readonly hash: string };
}

interface Entry {
  readonly at: string;
  readonly operator: string;
  readonly action: string;
  readonly reason: string;
}

export function auditCommand(): Command {
  return operatorCommand<AuditOptions>('audit', 'Shows what operators did, the newest first.', (api, _, options) =>
    audit(api, options),
  )
    .option('--verify', 'compute the hashes of the operator log anew; exit code 3 when an entry was changed')
    .option('--position <number>', 'with --verify: an entry that was noted before', count)
    .option('--hash <hash>', 'with --verify: its hash')
    .addOption(new Option('--export <format>', 'the whole log').choices(['csv', 'ndjson']))
    .option('--limit <number>', 'how many at most', count, 20);
}

async function audit(api: AdminApi, { verify, export: format, limit, position, hash }: AuditOptions): Promise<Shown> {
  if (format !== undefined) {
    const text = await api.text('operator-actions/export', { format });
    return { json: text, text: text.trimEnd() };
  }
  if (verify) {
    const { body } = await api.get<Verification>('operator-actions/verification', { position, hash });
    const isIntact = body.status === 'intact';
    return {
      json: body,
      text: isIntact ? intactText(body) : JSON.stringify(body, undefined, 2),
      exitCode: isIntact ? 0 : 3,
    };
  }
  const entries = await api.list<Entry>('operator-actions', {}, limit);
  const rows = entries.map(({ at, operator, action, reason }) => [at, operator, action, reason]);
  if (rows.length === 0) return { json: entries, text: 'No operator has acted yet.' };
  const table = columns(['at', 'who', 'action', 'why'], rows);
  return { json: entries, text: [table, '', nextStep('palinode audit --verify')].join('\n') };
}

/** Note the last entry: later it shows that none was removed since. */
function intactText({ last }: Verification): string {
  return `The operator log is intact${last === undefined ? '' : `, up to entry ${last.position} ${last.hash}`}.`;
}
