/* The commands by which an operator acts on sagas: on one, on those of an incident, or on all that match a filter. */
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error';
import type { AdminApi } from '../operate/admin-api';
import { findSaga } from '../operate/find-saga';
import { incidentWith, isLetter } from '../operate/incidents';
import { oneOf } from '../operate/one-of';
import { columns, exitCodeOf, nextStep, statusText } from '../operate/output';
import { ApiError } from '../operate/request';
import type {
  ActionPreviewView,
  BulkActionView,
  DeadLetterGroupView,
  DryRunView,
  HoldView,
  SagaDetail,
} from '../operate/views';
import { count, operatorCommand, type Shown } from './operate';

const FOLLOW_EVERY_MS = 500;
/** How long the sagas of a completed bulk action may show no progress until it is no longer followed. */
const FOLLOW_SILENT_MS = 30_000;
const SHOWN_BULK_ACTIONS = 20;

interface ActOptions {
  readonly reason?: string | undefined;
  readonly dryRun?: true;
  readonly expect?: number;
  readonly canary?: number;
  readonly rate?: number;
  readonly stopOnFailure?: true;
  readonly where?: readonly string[];
  readonly wait?: boolean;
}

const ACTIONS = {
  resume: 'Continues paused sagas; unanswered commands are sent again.',
  retry: 'Sends unanswered commands again, and starts waiting attempts, now.',
  pause: 'Pauses sagas: they accept replies, but begin no step.',
  cancel: 'Compensates sagas, as long as their pivot has not begun.',
} as const;

export function actCommands(): Command[] {
  const simple = Object.entries(ACTIONS).map(([action, description]) => {
    const command = onMany(
      operatorCommand<ActOptions & ResumeOptions>(
        `${action} [target]`,
        description,
        (api, [target], { attempts, ...options }) => act(api, { action, attempts }, target, options),
      ),
    );
    if (action === 'resume') command.option('--attempts <number>', 'pause again after this many tries', count);
    return command;
  });
  return [
    ...simple,
    onMany(
      operatorCommand<ActOptions & ResolveOptions>(
        'resolve <target-or-step> [step]',
        'Records the outcome of a command whose reply is not known.',
        (api, given, { outcome, reply, ...options }) => {
          const { target, step } = targetAndStep(given, options);
          const more = { outcome, ...(reply === undefined ? {} : { reply: jsonOf('--reply', reply) }) };
          return act(api, { action: 'resolve', step, ...more }, target, options);
        },
      )
        .requiredOption('--outcome <outcome>', 'success or failure')
        .option('--reply <json>', 'with a success, the reply, where the contract has one'),
    ),
    onMany(
      operatorCommand<ActOptions>(
        'skip <target-or-step> [step]',
        'Skips the compensation of a step: its effect stays.',
        (api, given, options) => {
          const { target, step } = targetAndStep(given, options);
          return act(api, { action: 'skip', step }, target, options);
        },
      ),
    ),
    ...(['redrive', 'discard'] as const).map((action) =>
      onMany(
        operatorCommand<ActOptions>(
          `${action} [group]`,
          action === 'redrive' ? 'Sends open dead letters again.' : 'Decides that dead letters are not sent again.',
          (api, [group], options) => actOnLetters(api, action, group, options),
        ),
      ),
    ),
    operatorCommand<{ data: string; reason: string }>(
      'signal <saga> <name>',
      'Gives a saga a signal that it waits for now or later.',
      (api, [saga, name], options) => signal(api, saga, name, options),
    )
      .option('--data <json>', 'the data of the signal', '{}')
      .requiredOption('--reason <text>', 'why, for the operator log'),
    operatorCommand<HoldOptions>('hold', 'Holds commands: sagas that need them wait.', (api, _, options) =>
      hold(api, options),
    )
      .option('--service <name>', 'all commands of a service')
      .option('--command <name>', 'only this one of them, such as payment.capture')
      .option('--definition <name>', 'or: a step of a definition')
      .option('--step <name>')
      .option('--version <number>', 'of this version only', count)
      .option('--for <duration>', 'ends by itself after this time, such as 15m; at most 7d')
      .requiredOption('--reason <text>', 'why, for the operator log'),
    operatorCommand<{ reason: string; rate?: number }>(
      'release <hold>',
      'Ends a hold; what waited goes on.',
      (api, [id], options) => release(api, id, options),
    )
      .requiredOption('--reason <text>', 'why, for the operator log')
      .option('--rate <number>', 'how many sagas a second each instance lets go on', count),
    operatorCommand<BulkOptions>(
      'bulk [id]',
      'Shows bulk actions, or pauses, resumes or stops one.',
      (api, [id], options) => bulk(api, id, options),
    )
      .option('--pause')
      .option('--resume')
      .option('--stop')
      .option('--reason <text>', 'why, for the operator log'),
  ];
}

interface ResumeOptions {
  readonly attempts?: number;
}

interface ResolveOptions {
  readonly outcome: string;
  readonly reply?: string;
}

interface HoldOptions {
  readonly service?: string;
  readonly command?: string;
  readonly definition?: string;
  readonly step?: string;
  readonly version?: number;
  readonly for?: string;
  readonly reason: string;
}

interface BulkOptions {
  readonly pause?: true;
  readonly resume?: true;
  readonly stop?: true;
  readonly reason?: string;
}

type Action = { readonly action: string } & Readonly<Record<string, unknown>>;

function onMany(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the operator log; required unless --dry-run')
    .option('--dry-run', 'show what would be sent, and do nothing')
    .option('--where <filter...>', 'in place of a target: all that match, such as status=PAUSED definition=place-order')
    .option('--expect <number>', 'how many must match; nothing is done when others do', count)
    .option('--canary <number>', 'stop after this many, until they have ended as meant', count)
    .option('--rate <number>', 'how many a second', count)
    .option('--stop-on-failure', 'pause when one fails or ends otherwise than meant')
    .option('--no-wait', 'do not follow the progress');
}

/** With `--where` there is no target, so the only argument is the step. */
function targetAndStep(
  [first, second]: readonly (string | undefined)[],
  { where }: ActOptions,
): { readonly target: string | undefined; readonly step: string } {
  const [target, step] = where === undefined ? [first, second] : [undefined, second ?? first];
  if (step === undefined) throw new CliError('Name the step behind the saga.');
  return { target, step };
}

/** On one saga, by its id or business key; on an incident, by its letter; or on all that match. */
async function act(api: AdminApi, what: Action, target: string | undefined, options: ActOptions): Promise<Shown> {
  if ((target === undefined) === (options.where === undefined))
    throw new CliError('Name a saga or the letter of an incident, or give --where, and not both.');
  if (options.where) return actOnMany(api, what, filterOf(options.where), options);
  if (isLetter(target ?? '')) {
    if (options.expect === undefined && !options.dryRun)
      throw new CliError(
        'Letters change as sagas pause; give --expect with the number that palinode incidents showed.',
      );
    const { id } = await incidentWith(api, target ?? '');
    return actOnMany(api, what, { incident: id }, options);
  }
  return actOnOne(api, what, target ?? '', options);
}

async function actOnOne(
  api: AdminApi,
  { action, ...rest }: Action,
  target: string,
  options: ActOptions,
): Promise<Shown> {
  const { id } = await findSaga(api, target);
  const { etag } = await api.get<SagaDetail>(`sagas/${id}`);
  const body = { ...rest, reason: reasonOf(options) };
  const query = options.dryRun ? { dryRun: true } : {};
  if (options.dryRun) {
    const json = await api.post<ActionPreviewView>(`sagas/${id}/${action}`, body, { etag, query });
    return previewText(action, json);
  }
  const saga = await api.post<SagaDetail>(`sagas/${id}/${action}`, body, { etag, query });
  const text = [
    `${action} of ${id}: it is ${statusText(saga.status)} now.`,
    nextStep(`palinode watch ${id.slice(0, 13)}`),
  ];
  return { json: saga, text: text.join('\n'), exitCode: action === 'pause' ? 0 : exitCodeOf(saga.status) };
}

function previewText(action: string, json: ActionPreviewView): Shown {
  const { id, statusAfter, commands } = json;
  const sent = commands.map(({ command, direction, attempt, again }) => [
    command,
    direction,
    `attempt ${attempt}${again ? ', sent again' : ''}`,
  ]);
  const text = [
    `${action} of ${id}: it would be ${statusText(statusAfter)}.`,
    ...(sent.length > 0 ? ['', columns(['would be sent', 'direction', 'try'], sent)] : ['No command would be sent.']),
    '',
    nextStep('the same with --reason … in place of --dry-run'),
  ];
  return { json, text: text.join('\n') };
}

async function signal(
  api: AdminApi,
  saga = '',
  name = '',
  { data, reason }: { readonly data: string; readonly reason: string },
): Promise<Shown> {
  const payload = jsonOf('--data', data);
  const { id } = await findSaga(api, saga);
  const path = `sagas/${id}/signals/${encodeURIComponent(name)}`;
  const json = await api.post<object>(path, payload, { query: { reason } });
  return { json, text: [`${id} has the signal ${name}.`, nextStep(`palinode watch ${id.slice(0, 13)}`)].join('\n') };
}

async function actOnLetters(
  api: AdminApi,
  action: 'redrive' | 'discard',
  group: string | undefined,
  options: ActOptions,
): Promise<Shown> {
  if ((group === undefined) === (options.where === undefined))
    throw new CliError('Name a group of dead letters, or give --where, and not both; see palinode dead-letters.');
  if (options.where) return actOnMany(api, { action }, filterOf(options.where), options);
  const { body } = await api.get<{ items: readonly DeadLetterGroupView[] }>('dead-letters/groups', {
    status: 'open',
    limit: 200,
  });
  const { id } = oneOf(body.items, group ?? '', {
    thing: 'group of open dead letters',
    list: 'palinode dead-letters',
  });
  return actOnMany(api, { action }, { group: id }, options);
}

async function actOnMany(api: AdminApi, what: Action, where: object, options: ActOptions): Promise<Shown> {
  const { expect, canary, rate, stopOnFailure, dryRun, wait = true } = options;
  const asked = { ...what, where, expect, canary, ratePerSecond: rate, stopOnFailure, reason: reasonOf(options) };
  if (dryRun)
    return dryRunText(what.action, await asExpected(api.post<DryRunView>('bulk-actions', { ...asked, dryRun })));
  const begun = await asExpected(api.post<BulkActionView>('bulk-actions', asked));
  return bulkText(wait ? await followed(api, begun) : begun);
}

/** Names the option of this command in place of the field of the API. */
function asExpected<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.problem !== 'not-expected') throw error;
    throw new CliError(error.message.replace('send expect: ', 'give --expect '));
  });
}

function given(reason: string | undefined): string {
  if (reason !== undefined) return reason;
  throw new CliError('Give the --reason; the operator log keeps it.');
}

function reasonOf({ reason, dryRun }: ActOptions): string {
  if (reason !== undefined) return reason;
  if (dryRun) return 'a dry run';
  throw new CliError('Give the --reason; the operator log keeps it. Or --dry-run, which does nothing.');
}

function dryRunText(action: string, json: DryRunView): Shown {
  const { matched, tried, effective, skipped, commands } = json;
  const sent = commands.map(({ command, direction, count: number }) => [command, direction, String(number)]);
  const text = [
    `${action} would take effect on ${effective} of ${tried}${tried < matched ? ` that were tried; ${matched} match` : ''}.`,
    ...skipped.map(({ reason, detail, count: number }) => `  ${number} would be skipped (${reason}): ${detail}`),
    ...(sent.length > 0 ? ['', columns(['command', 'direction', 'sent'], sent)] : []),
    '',
    effective === 0
      ? 'Nothing would be done. The reasons above say what keeps it from taking effect.'
      : nextStep(`the same with --expect ${matched} --reason … in place of --dry-run`),
  ];
  return { json, text: text.join('\n') };
}

/**
 * Prints the progress where somebody watches, until the bulk action waits for a person, or has ended and it is known what
 * became of its sagas. Those that do not advance, such as sagas that are held, are not waited for.
 */
async function followed(api: AdminApi, begun: BulkActionView): Promise<BulkActionView> {
  let latest = begun;
  let changedAt = performance.now();
  while (isUnderWay(latest) || (latest.outcomes.pending > 0 && performance.now() - changedAt < FOLLOW_SILENT_MS)) {
    await sleep(FOLLOW_EVERY_MS);
    const next = (await polled(api, begun.id)) ?? latest;
    if (progressText(next) !== progressText(latest) || isUnderWay(latest)) changedAt = performance.now();
    latest = next;
    if (process.stderr.isTTY) process.stderr.write(`\r${progressText(latest)}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  return latest;
}

const isUnderWay = ({ status }: BulkActionView): boolean => status === 'running' || status === 'waiting';

/** Undefined while the orchestrator does not answer: the bulk action goes on without it being watched. */
async function polled(api: AdminApi, id: string): Promise<BulkActionView | undefined> {
  try {
    return (await api.get<BulkActionView>(`bulk-actions/${id}`)).body;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw error;
    return undefined;
  }
}

function progressText({ items, total, outcomes }: BulkActionView): string {
  const { done, skipped, failed } = items;
  return `${done + skipped + failed} of ${total}: ${done} done, ${skipped} skipped, ${failed} failed; ${outcomes.asMeant} ended as meant, ${outcomes.otherwise} otherwise${outcomes.pending > 0 ? `, ${outcomes.pending} not yet` : ''}`;
}

function bulkText(json: BulkActionView): Shown {
  const { id, action, status, why, items, outcomes } = json;
  const needsPerson = items.failed > 0 || outcomes.otherwise > 0 || status === 'paused';
  const text = [
    `${action} ${id.slice(0, 13)} is ${status}${why === undefined ? '' : `: ${why}`}.`,
    progressText(json),
    nextStep(`palinode bulk ${id.slice(0, 13)}`),
  ];
  return { json, text: text.join('\n'), exitCode: needsPerson ? 3 : 0 };
}

async function hold(api: AdminApi, { reason, for: ttl, ...options }: HoldOptions): Promise<Shown> {
  const { service, command, definition, step, version } = options;
  if (service === undefined && (definition === undefined || step === undefined))
    throw new CliError('Say what to hold: --service, or --definition and --step.');
  const json = await api.post<HoldView>('holds', {
    where: { service, command, definition, step, version },
    reason,
    ttl,
  });
  const text = [
    `Held: ${Object.values(json.where).filter(Boolean).join(' ')}.`,
    nextStep(`palinode release ${json.id.slice(0, 13)} --reason …`),
  ];
  return { json, text: text.join('\n') };
}

async function release(api: AdminApi, id = '', { reason, rate }: { reason: string; rate?: number }): Promise<Shown> {
  const holds = await api.list<HoldView>('holds', {}, 200);
  const found = oneOf(holds, id, { thing: 'hold in force', list: 'palinode holds' });
  const json = await api.delete<HoldView>(`holds/${found.id}`, { reason, rate });
  return { json, text: `Released; ${json.waiting.sagas} sagas go on. ${nextStep('palinode holds')}` };
}

async function bulk(api: AdminApi, id: string | undefined, { reason, ...change }: BulkOptions): Promise<Shown> {
  const [to, another] = (['pause', 'resume', 'stop'] as const).filter((each) => change[each]);
  if (another !== undefined) throw new CliError(`Give --${to} or --${another}, and not both.`);
  if (to !== undefined && id === undefined) throw new CliError(`Name the bulk action to ${to}; see palinode bulk.`);
  const all = await api.list<BulkActionView>('bulk-actions', {}, SHOWN_BULK_ACTIONS);
  if (id === undefined) {
    const rows = all.map((each) => [each.id.slice(0, 13), each.action, each.status, each.operator, progressText(each)]);
    if (rows.length === 0) return { json: all, text: 'There is no bulk action.' };
    const table = columns(['bulk', 'action', 'status', 'by', 'progress'], rows);
    return { json: all, text: [table, '', nextStep(`palinode bulk ${all[0]?.id.slice(0, 13)}`)].join('\n') };
  }
  const found = oneOf(all, id, { thing: 'bulk action', list: 'palinode bulk' });
  if (to === undefined) return bulkText((await api.get<BulkActionView>(`bulk-actions/${found.id}`)).body);
  return bulkText(
    await api.post<BulkActionView>(`bulk-actions/${found.id}/${to}`, {
      reason: given(reason),
    }),
  );
}

/** `status=PAUSED definition=place-order` as an object. */
function filterOf(filters: readonly string[]): object {
  return Object.fromEntries(
    filters.map((filter) => {
      const at = filter.indexOf('=');
      if (at < 1) throw new CliError(`${filter} is no filter; write name=value, such as status=PAUSED.`);
      return [filter.slice(0, at), filter.slice(at + 1)];
    }),
  );
}

function jsonOf(option: string, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new CliError(`${option} is not JSON: ${(error as Error).message}`);
  }
}
