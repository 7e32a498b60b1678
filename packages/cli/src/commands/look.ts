/* The commands that show what happens, and change nothing. */
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error';
import type { AdminApi } from '../operate/admin-api';
import { findSaga } from '../operate/find-saga';
import { incidentsOf, letterOf } from '../operate/incidents';
import { ago, columns, exitCodeOf, nextStep, statusText } from '../operate/output';
import type {
  DeadLetterGroupView,
  DiagnosisView,
  HistoryView,
  HoldView,
  IncidentView,
  SagaDetail,
  SagaSummary,
} from '../operate/views';
import { operatorCommand, type Shown } from './operate';
import { sagasCommand } from './sagas';
import { shownWhenAway } from './shown-when-away';
import { status } from './status';

const WATCH_HOLDS_EVERY_MS = 1_000;
const SHOWN_HISTORY = 10;

export function lookCommands(): Command[] {
  return [
    operatorCommand('status', 'Shows how sagas and services are, and what needs a person.', (api) =>
      status(api).catch(shownWhenAway),
    ),
    operatorCommand<IncidentOptions>('incidents', 'Groups the sagas that stand by their reason.', (api, _, options) =>
      incidents(api, options),
    )
      .option('--status <status>', 'PAUSED, COMPENSATED or HELD', 'PAUSED')
      .option('--since <duration>', 'only those of this last time, such as 1h'),
    sagasCommand(),
    operatorCommand<{ asTest?: true }>(
      'saga <id>',
      'Shows one saga: its steps and what happened last.',
      (api, [id], options) => saga(api, id, options),
    ).option('--as-test', 'print its recording, for `replay` of the test kit'),
    operatorCommand('why <id>', 'Says why a saga stands where it stands, and what happens next.', (api, [id]) =>
      why(api, id),
    ),
    operatorCommand('watch <id>', 'Follows a saga until it ends or needs a person.', (api, [id], options) =>
      watch(api, id, options.json === true),
    ),
    operatorCommand<{ watch?: true; json?: true }>(
      'holds',
      'Shows what is held, by whom, and how many sagas wait.',
      (api, _, options) => (options.watch ? watchHolds(api, options.json === true) : holds(api)),
    ).option('--watch', 'follow them until nothing is held'),
    operatorCommand('dead-letters', 'Groups the open dead letters by their reason.', (api) => deadLetters(api)),
  ];
}

interface IncidentOptions {
  readonly status: string;
  readonly since?: string;
}

async function incidents(api: AdminApi, { status: of, since }: IncidentOptions): Promise<Shown> {
  const found = await incidentsOf(api, of, since);
  if (found.items.length === 0) return { json: found, text: `No saga is ${of}.` };
  // A letter stands for an incident of all paused sagas.
  const hasLetters = of === 'PAUSED' && since === undefined;
  const label = (each: IncidentView, index: number): string => (hasLetters ? letterOf(index) : each.id.slice(0, 13));
  const rows = found.items.map((each, index) => [
    label(each, index),
    String(each.count),
    each.reason,
    placeOf(each),
    ago(each.first),
    ago(each.last),
    each.error ?? '',
  ]);
  const remedies = found.items.map((each, index) => `${label(each, index)}: ${each.remedy.text}`);
  const index = found.items.findIndex(({ remedy }) => remedy.action !== undefined);
  const first = found.items[index];
  const target = first && (hasLetters ? letterOf(index) : `--where incident=${first.id}`);
  const next = first
    ? ['', nextStep(`palinode ${first.remedy.action} ${target} --expect ${first.count} --dry-run`)]
    : [];
  const table = columns(['', 'sagas', 'reason', 'where', 'first', 'last', 'error'], rows);
  return { json: found, text: [table, '', ...remedies, ...next].join('\n'), exitCode: of === 'PAUSED' ? 3 : 0 };
}

function placeOf({ definition, step, command }: IncidentView): string {
  return [definition, step, command].filter(Boolean).join(' / ');
}

async function saga(api: AdminApi, id = '', { asTest }: { asTest?: true }): Promise<Shown> {
  const found = await findSaga(api, id);
  if (asTest) {
    const { body } = await api.get<object>(`sagas/${found.id}/recording`);
    return { json: body, text: JSON.stringify(body, undefined, 2) };
  }
  const { body } = await api.get<SagaDetail>(`sagas/${found.id}`);
  const steps = body.steps.map(({ name, kind, status: at, command = '', attempt, sends }) => [
    name,
    kind,
    at,
    command,
    attempt === undefined ? '' : `attempt ${attempt}, sent ${sends}`,
  ]);
  const attributes = body.attributes.map(({ name, values }) => `${name}: ${values.join(', ')}`);
  const text = [
    [headline(body), ...attributes].join('\n'),
    '',
    columns(['step', 'kind', 'status', 'command', 'tries'], steps),
    '',
    ...body.history.slice(-SHOWN_HISTORY).map(historyLine),
    '',
    nextStep(
      [
        `palinode why ${shortId(body)}`,
        ...body.availableActions.map((each) => `palinode ${each} ${shortId(body)}`),
      ].join(', '),
    ),
  ].join('\n');
  return { json: body, text, exitCode: exitCodeOf(body.status) };
}

function headline(body: SagaSummary): string {
  const { id, definition, version, subject, startedAt, endedAt, pause, cause } = body;
  const age = endedAt === undefined ? `started ${ago(startedAt)} ago` : `ended ${ago(endedAt)} ago`;
  const about = [`${definition} v${version}`, subject, age].filter(Boolean).join(', ');
  const reason = pause ? `\n${pause.reason}: ${pause.detail}` : cause ? `\n${causeText(cause)}` : '';
  return `${statusText(body.status)}  ${id}  ${about}${reason}`;
}

/** `refusal of payment: card-declined` */
function causeText({ kind, step, reason, detail }: NonNullable<SagaSummary['cause']>): string {
  const what = step === undefined ? kind : `${kind} of ${step}`;
  return [what, reason === kind ? undefined : reason, detail].filter(Boolean).join(': ');
}

/** The first 13 characters are the millisecond of its start. */
function shortId({ id }: SagaSummary): string {
  return id.slice(0, 13);
}

function historyLine({ seq, at, event, sent, ignored }: HistoryView): string {
  const about = event.step ?? event.signal;
  const effect = ignored === undefined ? sent.map(({ command, again }) => `${command}${again ? ' again' : ''}`) : [];
  const arrow = effect.length > 0 ? ` → ${effect.join(', ')}` : '';
  return `${String(seq).padStart(4)}  ${at}  ${event.kind}${about === undefined ? '' : ` ${about}`}${arrow}${ignored === undefined ? '' : ` (ignored: ${ignored})`}`;
}

async function why(api: AdminApi, id = ''): Promise<Shown> {
  const found = await findSaga(api, id);
  const { body } = await api.get<DiagnosisView>(`sagas/${found.id}/diagnosis`);
  if (body.code === 'ended') {
    const text = [headline(found), '', nextStep(`palinode saga ${shortId(found)}`)].join('\n');
    return { json: body, text, exitCode: exitCodeOf(body.status) };
  }
  const actions = body.actions.map(({ action, step }) =>
    ['palinode', action, shortId(found), step].filter(Boolean).join(' '),
  );
  const effects = body.effects.map(({ step, command, effect }) => [step, command, effect]);
  const text = [
    `${statusText(body.status)}  ${body.summary} (${body.code}, for ${ago(body.since)}).`,
    ...body.because.map((fact) => `  - ${fact}`),
    ...(body.next ? [`Next, ${ago(body.next.at)}: it ${body.next.what}.`] : []),
    ...(body.afterwards ? [`Then, ${ago(body.afterwards.at)}: it ${body.afterwards.what}.`] : []),
    ...(body.alike && body.alike.count > 1
      ? [`${body.alike.count} sagas stand for the same reason: palinode incidents.`]
      : []),
    ...(effects.length > 0 ? ['', columns(['step', 'command', 'effect'], effects)] : []),
    ...(actions.length > 0 ? ['', nextStep(actions.join(', '))] : []),
  ].join('\n');
  return { json: body, text, exitCode: exitCodeOf(body.status) };
}

/** Prints each entry of the history as it comes. */
export async function watch(api: AdminApi, id = '', isJson: boolean): Promise<Shown> {
  const { id: full } = await findSaga(api, id);
  let shown = 0;
  for await (const { event, data } of api.follow({ saga: full, events: 'saga' })) {
    if (event !== 'saga') continue;
    const body = data as SagaDetail;
    const fresh = body.history.filter(({ seq }) => seq > shown);
    if (!isJson) for (const entry of fresh) console.log(historyLine(entry));
    shown = body.history.at(-1)?.seq ?? shown;
    if (body.endedAt !== undefined || body.status === 'PAUSED')
      return { json: body, text: headline(body), exitCode: exitCodeOf(body.status) };
  }
  throw new CliError('The orchestrator has ended the stream.');
}

async function holds(api: AdminApi): Promise<Shown> {
  const found = await api.list<HoldView>('holds', {}, 200);
  if (found.length === 0) return { json: found, text: 'Nothing is held.' };
  const rows = found.map(({ id, where, waiting, by, since, reason }) => [
    id.slice(0, 13),
    placeHeld(where),
    String(waiting.sagas),
    by,
    ago(since),
    reason,
  ]);
  const text = [
    columns(['hold', 'where', 'waiting', 'by', 'since', 'reason'], rows),
    '',
    nextStep('palinode holds --watch, palinode release <hold> --reason …'),
  ];
  return { json: found, text: text.join('\n') };
}

/** Prints how many sagas wait, each time that it changes. */
async function watchHolds(api: AdminApi, isJson: boolean): Promise<Shown> {
  let shown = '';
  for (;;) {
    const found = await api.list<HoldView>('holds', {}, 200);
    if (found.length === 0) {
      return { json: found, text: ['Nothing is held.', '', nextStep('palinode status')].join('\n') };
    }
    const now = found.map(({ where, waiting }) => `${placeHeld(where)}: ${waiting.sagas} wait`).join(', ');
    if (!isJson && now !== shown) console.log(now);
    shown = now;
    await sleep(WATCH_HOLDS_EVERY_MS);
  }
}

function placeHeld(where: HoldView['where']): string {
  return Object.values(where).filter(Boolean).join(' ');
}

async function deadLetters(api: AdminApi): Promise<Shown> {
  const { body } = await api.get<{ items: readonly DeadLetterGroupView[] }>('dead-letters/groups', { status: 'open' });
  if (body.items.length === 0) return { json: body, text: 'No dead letter is open.' };
  const rows = body.items.map(({ id, count: number, reason, service, topic, type = '', last }) => [
    id.slice(0, 13),
    String(number),
    reason,
    service,
    topic,
    type,
    ago(last),
  ]);
  const text = [
    columns(['group', 'letters', 'reason', 'service', 'topic', 'type', 'last'], rows),
    '',
    nextStep('palinode redrive <group> --dry-run, palinode discard <group> --reason …'),
  ];
  return { json: body, text: text.join('\n') };
}
