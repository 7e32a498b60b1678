/* `palinode status`: how everything is, on one screen. */
import type { AdminApi } from '../operate/admin-api';
import { ago, columns, nextStep } from '../operate/output';
import type { OverviewView } from '../operate/views';
import type { Shown } from './operate';

const UNSENT_MS = 10_000;
/** From here on a commit slows every saga. */
const SLOW_COMMIT_MS = 100;

export async function status(api: AdminApi): Promise<Shown> {
  const { body } = await api.get<OverviewView>('overview');
  const { incidents, holds, deadLetters } = body;
  const next = [
    ...(incidents.sagas > 0 ? ['palinode incidents'] : []),
    ...(holds.length > 0 ? ['palinode holds'] : []),
    ...(deadLetters.count > 0 ? ['palinode dead-letters'] : []),
  ];
  const text = [
    ...headlines(body),
    '',
    definitionsTable(body),
    '',
    servicesTable(body),
    ...(next.length > 0 ? ['', nextStep(next.join(', '))] : []),
  ].join('\n');
  const isSlow = (body.database.commitMs ?? 0) >= SLOW_COMMIT_MS;
  const needsPerson = incidents.sagas > 0 || body.orchestrator.status !== 'ok' || isSlow;
  return { json: body, text, exitCode: needsPerson ? 3 : 0 };
}

function headlines({ orchestrator, broker, database, incidents, holds, deadLetters, ...rest }: OverviewView): string[] {
  return [
    orchestrator.status === 'ok' ? 'Sagas advance.' : `Sagas do not advance: ${orchestrator.problem}`,
    ...(broker.status === 'up' ? [] : [`The broker does not answer: ${broker.problem}`]),
    ...(database.commitMs === undefined ? [] : [commitText(database.commitMs)]),
    `${counted(incidents.sagas, 'saga is', 'sagas are')} paused, for ${counted(incidents.incidents, 'reason', 'reasons')}.`,
    `${counted(holds.length, 'hold is', 'holds are')} in force; ${counted(rest.heldSagas, 'saga waits', 'sagas wait')}.`,
    `${counted(deadLetters.count, 'dead letter is', 'dead letters are')} open.`,
    ...lateLines(rest),
    ...differingDefinitions(orchestrator.instances),
  ];
}

function counted(number: number, one: string, more: string): string {
  return `${number} ${number === 1 ? one : more}`;
}

function commitText(ms: number): string {
  const text = `PostgreSQL takes ${ms} ms to commit`;
  return ms < SLOW_COMMIT_MS ? `${text}.` : `${text}, which slows every saga: see that its disk is not busy or broken.`;
}

/** Commands normally wait for less than a second. */
function lateLines({ at, outbox, overdueTimers }: Pick<OverviewView, 'at' | 'outbox' | 'overdueTimers'>): string[] {
  const now = Date.parse(at);
  const lines: string[] = [];
  if (overdueTimers.oldest !== undefined)
    lines.push(
      `${overdueTimers.count} sagas should have acted already, the oldest for ${ago(overdueTimers.oldest, now)}.`,
    );
  if (outbox.oldest !== undefined && now - Date.parse(outbox.oldest) >= UNSENT_MS)
    lines.push(`${outbox.count} commands wait to be published, the oldest for ${ago(outbox.oldest, now)}.`);
  return lines;
}

/** Instances of one orchestrator with another definition under the same version decide differently. */
function differingDefinitions(instances: OverviewView['orchestrator']['instances']): string[] {
  const known = new Map<string, string>();
  const differing = new Set<string>();
  for (const { definition, version, fingerprint } of instances.flatMap(({ definitions }) => definitions)) {
    const name = `${definition} v${version}`;
    if ((known.get(name) ?? fingerprint) !== fingerprint) differing.add(name);
    known.set(name, fingerprint);
  }
  return [...differing].map((name) => `Instances of the orchestrator have different definitions of ${name}.`);
}

function definitionsTable({ definitions }: OverviewView): string {
  const rows = definitions.map(({ definition, inFlight, oldestStartedAt, lastHour }) => [
    definition,
    String(inFlight),
    oldestStartedAt === undefined ? '' : ago(oldestStartedAt),
    String(lastHour.started),
    String(lastHour.completed),
    String(lastHour.compensated),
    duration(lastHour.p50),
    duration(lastHour.p99),
    lastHour.slowestStep ? `${lastHour.slowestStep.step} ${duration(lastHour.slowestStep.p99)}` : '',
    lastHour.compensatedBy
      .slice(0, 2)
      .map(({ cause, step = '', count }) => `${cause} ${step} ×${count}`)
      .join(', '),
  ]);
  const inLastHour = ['started', 'completed', 'compensated', 'p50', 'p99', 'slowest step', 'compensated by'];
  return columns(['last hour', 'in flight', 'oldest', ...inLastHour], rows);
}

function servicesTable({ services }: OverviewView): string {
  const rows = services.map(({ service, instances, lag, lastReplyAt, slowestHandler, holds }) => [
    service,
    instances === undefined ? '' : String(instances.length),
    lag === undefined ? 'not known' : String(lag),
    lastReplyAt === undefined ? '' : ago(lastReplyAt),
    slowestHandler ? `${slowestHandler.command} ${duration(slowestHandler.p99)}` : '',
    holds.length > 0 ? 'held' : '',
  ]);
  return columns(['service', 'instances', 'lag', 'last reply', 'slowest handler (p99)', ''], rows);
}

function duration(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 1_000 ? `${Math.round(ms)}ms` : `${(ms / 1_000).toFixed(1)}s`;
}
