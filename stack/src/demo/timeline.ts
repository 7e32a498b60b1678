/** An entry of a saga's history, as the admin API shows it. */
export interface Entry {
  readonly at: string;
  readonly event: {
    readonly kind: string;
    readonly step?: string;
    readonly direction?: string;
    readonly objection?: { readonly reason: string };
    readonly effect?: string;
    readonly point?: string;
    readonly command?: string;
    readonly service?: string;
  };
  readonly sent: readonly { readonly command: string; readonly attempt: number; readonly again: boolean }[];
  readonly ignored?: string;
}

export interface SagaHistory {
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly history: readonly Entry[];
}

/** Formats a saga's history as lines, with the saga's end at its time. */
export function timelineOf({ status, startedAt, endedAt, history }: SagaHistory): string[] {
  const since = (at: string): string => ((Date.parse(at) - Date.parse(startedAt)) / 1000).toFixed(1).padStart(6);
  const ending = history.findLastIndex(({ at }) => endedAt !== undefined && at <= endedAt);
  return history.flatMap((entry, index) => [
    `${since(entry.at)} s  ${whatOf(entry)}${sentOf(entry)}`,
    ...(endedAt !== undefined && index === ending ? [`${since(endedAt)} s  ended ${status}`] : []),
  ]);
}

function whatOf({ event, ignored }: Entry): string {
  const { kind, step, direction, objection, effect, point = '', command, service } = event;
  if (kind === 'fault-struck') return `fault: ${effect} ${point.replaceAll('-', ' ')}, ${command} in ${service}`;
  if (kind === 'time-passed') return 'time passed';
  const what = direction === 'compensation' ? `${step} compensated` : step;
  const why = objection ? ` (${objection.reason})` : '';
  return `${kind}${what === undefined ? '' : `: ${what}`}${why}${ignored ? `, which changes nothing (${ignored})` : ''}`;
}

function sentOf({ sent }: Entry): string {
  if (sent.length === 0) return '';
  const names = sent.map(({ command, attempt, again }) => {
    const which = again ? ' (again)' : attempt > 1 ? ` (attempt ${attempt})` : '';
    return `${command}${which}`;
  });
  return ` → ${names.join(', ')}`;
}
