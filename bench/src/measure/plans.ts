/*
 * How PostgreSQL ran each statement during some work, as logged by auto_explain: the plans of the executed statements
 * with their values.
 */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { connected } from './postgres';
import { machine } from './processes';
import { groupBy } from './quantile';

/** Settings for the start of a server; they have no cost until plans are logged. */
export const LOGS_PLANS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_parameter_max_length': '0',
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_rotation_age: '0',
  log_rotation_size: '0',
} as const;

/** A statement and its plan. */
export interface Plan {
  readonly database: string;
  readonly statement: string;
  readonly plan: string;
  readonly ms: number;
}

/** All statements that the server ran during the work, in the order in which they ended. */
export async function plansDuring(adminUrl: string, work: () => Promise<unknown>): Promise<Plan[]> {
  return connected(adminUrl, async (admin) => {
    const from = await logSize(admin);
    await logPlans(adminUrl, admin, '0');
    await work();
    await logPlans(adminUrl, admin, '-1');
    return plansIn(await logFrom(admin, from));
  });
}

/** The plans in a PostgreSQL log with a JSON object per line; without the planner's estimates. */
export function plansIn(log: string): Plan[] {
  return log.split('\n').flatMap((line) => {
    if (!line.includes('  plan:\\nQuery Text: ')) return [];
    const { dbname: database, message } = JSON.parse(line) as { dbname: string; message: string };
    const [, ms, text = ''] = /^duration: ([\d.]+) ms {2}plan:\nQuery Text: (.*)$/s.exec(message) ?? [];
    // The plan begins with the first line that has a cost; no statement has one.
    const [, statement = '', plan = ''] = /^(.*?)\n([^\n]* {2}\(cost=.*)$/s.exec(text) ?? [];
    return plan === '' ? [] : { database, statement, plan: plan.replaceAll(COST, ''), ms: Number(ms) };
  });
}

const COST = / {2}\(cost=\S+ rows=\d+ width=\d+\)/g;

/** One plan for each statement of each database: that of its median run. */
export function typical(plans: readonly Plan[]): (Plan & { readonly times: number })[] {
  const runs = groupBy(plans, ({ database, statement }) => `${database} ${statement}`);
  return [...runs.values()].flatMap((all) => {
    const middle = all.toSorted((a, b) => a.ms - b.ms)[Math.floor(all.length / 2)];
    return middle === undefined ? [] : { ...middle, times: all.length };
  });
}

const WIDTH = 160;

/** A Markdown document that names the command that wrote it. */
export function planDocument(title: string, command: string, sections: readonly string[]): string {
  const source =
    `Each statement as PostgreSQL ran and logged it (\`auto_explain\`, without the planner's estimates), during\n` +
    `\`${command}\` on ${machine()}.`;
  return `${[`# ${title}`, source, ...sections].join('\n\n')}\n`;
}

/** A section of such a document: one plan of each statement, under the beginning of the statement. */
export function planSection(title: string, plans: readonly Plan[]): string {
  const texts = typical(plans).map(({ statement, plan, ms, times }) => {
    const line = statement.replaceAll(/\s+/g, ' ').trim();
    const begin = line.length <= WIDTH ? line : `${line.slice(0, WIDTH)} …`;
    const often = times === 1 ? '' : `, the median of ${times}`;
    const lines = plan.split('\n').map((each) => each.slice(0, WIDTH));
    return ['```text', begin, '', ...lines, `(${ms.toFixed(2)} ms${often})`, '```'].join('\n');
  });
  return [`## ${title}`, ...texts].join('\n\n');
}

/** Changes the setting for all sessions, including open ones, from their next statement on. */
async function logPlans(adminUrl: string, admin: Client, fromMs: '0' | '-1'): Promise<void> {
  await admin.query(`ALTER SYSTEM SET auto_explain.log_min_duration = ${fromMs}`);
  await admin.query('SELECT pg_reload_conf()');
  await waitUntil('PostgreSQL reads its settings anew', async () => {
    const { rows } = await admin.query<{ now: string }>(
      `SELECT current_setting('auto_explain.log_min_duration') AS now`,
    );
    return rows[0]?.now === fromMs;
  });
  // The postmaster signals the sessions one by one, and accepts a connection only after the last.
  await connected(adminUrl, () => Promise.resolve());
}

async function logSize(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ size: string }>(`SELECT size FROM pg_stat_file(pg_current_logfile('jsonlog'))`);
  return Number(rows[0]?.size);
}

/** The complete log since then: waits for a log entry of our own, which follows those of all sessions. */
async function logFrom(admin: Client, from: number): Promise<string> {
  const end = randomUUID();
  await admin.query(`DO $$ BEGIN RAISE LOG '${end}'; END $$`);
  return waitUntil('PostgreSQL has written its log', async () => {
    const { rows } = await admin.query<{ log: string }>(
      `SELECT pg_read_file(pg_current_logfile('jsonlog'), ${from}, 1000000000) AS log`,
    );
    const log = rows[0]?.log ?? '';
    return log.includes(end) && log;
  });
}
