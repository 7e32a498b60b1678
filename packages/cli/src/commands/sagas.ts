/* `palinode sagas`: finds sagas by the filters of `GET /v1/sagas`. */
import { InvalidArgumentError, type Command } from 'commander';
import type { AdminApi, Total } from '../operate/admin-api';
import { ago, columns, nextStep, statusText } from '../operate/output';
import type { SagaSummary } from '../operate/views';
import { count, operatorCommand, type Shown } from './operate';

/** Options with the names of the API's filters. */
interface SagasOptions {
  readonly status?: string;
  readonly definition?: string;
  readonly version?: number;
  readonly step?: string;
  readonly service?: string;
  readonly reason?: string;
  readonly cause?: string;
  readonly attribute?: readonly string[];
  readonly startedAfter?: string;
  readonly startedBefore?: string;
  readonly endedAfter?: string;
  readonly endedBefore?: string;
  readonly subject?: string;
  readonly incident?: string;
  readonly stuck?: boolean;
  readonly held?: boolean;
  readonly oldest?: true;
  readonly limit: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function sagasCommand(): Command {
  return operatorCommand<SagasOptions>(
    'sagas [query]',
    'Lists the sagas that fit all filters, the newest first. Several values are separated by commas.',
    (api, [query], options) => sagas(api, query, options),
  )
    .option('--status <status>')
    .option('--definition <name>')
    .option('--version <number>', 'of the definition', count)
    .option('--step <name>', 'where it stands; of a compensated saga, what caused it')
    .option('--service <name>', 'the service of that step')
    .option('--reason <reason>', 'why it is paused')
    .option('--cause <cause>', 'why it is, or was, compensated')
    .option('--attribute <name:value>', 'a search attribute; repeated, all must fit', added)
    .option('--started-after <when>', 'an instant, or how long ago: 2h', instant)
    .option('--started-before <when>', 'the same', instant)
    .option('--ended-after <when>', 'the same; sorts by the end', instant)
    .option('--ended-before <when>', 'the same', instant)
    .option('--subject <key>', 'the whole business key')
    .option('--incident <id>', 'the id of an incident')
    .option('--stuck', 'only those that are paused, held or overdue')
    .option('--no-stuck', 'only the others')
    .option('--held', 'only those that wait for a hold')
    .option('--no-held', 'only the others')
    .option('--oldest', 'the oldest first')
    .option('--limit <number>', 'how many at most', count, 20);
}

async function sagas(api: AdminApi, q: string | undefined, options: SagasOptions): Promise<Shown> {
  const { status, definition, version, step, service, reason, cause, attribute, stuck, held, oldest, limit } = options;
  const { startedAfter, startedBefore, endedAfter, endedBefore, subject, incident } = options;
  const where = {
    status,
    definition,
    version,
    step,
    service,
    reason,
    cause,
    attribute,
    subject,
    incident,
    stuck,
    held,
  };
  const when = { startedAfter, startedBefore, endedAfter, endedBefore };
  const { items, total } = await api.listWithTotal<SagaSummary>(
    'sagas',
    { q, ...where, ...when, sort: oldest && 'oldest' },
    limit,
  );
  const rows = items.map((each) => [
    each.id,
    each.definition,
    statusText(each.status),
    each.subject ?? '',
    ago(each.startedAt),
    each.standsAt.map(placeText).join(', '),
    reasonOf(each),
  ]);
  const table = columns(['saga', 'definition', 'status', 'subject', 'age', 'at', 'reason'], rows);
  const text = items.length === 0 ? ['No saga matches.'] : [table, ...remark(items, total)];
  return { json: items, text: text.join('\n') };
}

/** `capture 2/5`: the second of five attempts. */
function placeText({ name, attempt, attempts }: SagaSummary['standsAt'][number]): string {
  return attempt === undefined ? name : `${name} ${attempt}${attempts === undefined ? '' : `/${attempts}`}`;
}

function reasonOf({ pause, cause, held, lastFailure }: SagaSummary): string {
  const about = pause ?? cause ?? lastFailure;
  if (about) return [about.reason, about.step].filter(Boolean).join(': ');
  return held ? 'held' : '';
}

function remark(items: readonly SagaSummary[], total: Total | undefined): string[] {
  const [first] = items;
  const all = total && `${total.atLeast ? 'more than ' : ''}${total.count}`;
  return [
    '',
    ...(total && (total.atLeast || total.count > items.length) ? [`${items.length} of ${all} sagas.`] : []),
    ...(first ? [nextStep(`palinode why ${first.id.slice(0, 13)}`)] : []),
  ];
}

function added(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Parses an instant, or a duration before now. */
function instant(text: string): string {
  const { number, unit = '' } = /^(?<number>\d{1,6})(?<unit>[smhd])$/.exec(text)?.groups ?? {};
  // Date.parse takes much more for a date, such as 0 for the year 2000.
  const at = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) ? Date.parse(text) : NaN;
  const ms = number === undefined ? at : Date.now() - Number(number) * (UNITS[unit] ?? 0);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It must be an instant, such as 2026-11-30T09:30Z, or 2h.');
  return new Date(ms).toISOString();
}
