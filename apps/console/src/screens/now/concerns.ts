import type { Admin } from '../../api/schemas';
import { counted } from '../../parts/wording';
import { durationText } from '../../parts/duration-text';

/** Something that needs a person, or may soon. */
export interface Concern {
  readonly id: string;
  readonly grave: boolean;
  readonly title: string;
  readonly detail?: string;
  /** Where more is known. */
  readonly to?: '/incidents' | '/dead-letters' | '/holds' | '/faults';
  /** What ends it at once. */
  readonly remedy?: 'disarm-all';
}

/** How long a command may wait in the outbox before that is worth a banner. */
const OUTBOX_LATE_MS = 10_000;
/** A commit that takes this long slows every saga; `palinode status` uses the same limit. */
const SLOW_COMMIT_MS = 100;

/** What is wrong, the gravest first; nothing when all is well. */
export function concernsOf(overview: Admin['OverviewView'], armedFaults: number): readonly Concern[] {
  const {
    orchestrator,
    broker,
    database,
    services,
    incidents,
    deadLetters,
    outbox,
    overdueTimers,
    holds,
    heldSagas,
    at,
  } = overview;
  const { commitMs = 0 } = database;
  const outboxMs = outbox.oldest === undefined ? 0 : Date.parse(at) - Date.parse(outbox.oldest);
  const unread = services.filter(({ instances }) => instances?.length === 0).map(({ service }) => service);
  const all: (Concern | false)[] = [
    orchestrator.status === 'error' && {
      id: 'orchestrator',
      grave: true,
      title: 'Sagas do not advance',
      detail: orchestrator.problem,
    },
    broker.status === 'down' && {
      id: 'broker',
      grave: true,
      title: 'The broker does not answer',
      detail: broker.problem,
    },
    commitMs >= SLOW_COMMIT_MS && {
      id: 'disk',
      grave: true,
      title: `PostgreSQL takes ${commitMs} ms to commit`,
      detail: 'That slows every saga: see that its disk is not busy or broken.',
    },
    unread.length > 0 && {
      id: 'unread',
      grave: true,
      title: `Nobody reads the commands of ${unread.join(', ')}`,
      detail: 'Their sagas wait until an instance is back.',
    },
    incidents.sagas > 0 && {
      id: 'incidents',
      grave: true,
      title: `${counted(incidents.sagas, 'saga')} paused, for ${counted(incidents.incidents, 'reason')}`,
      to: '/incidents',
    },
    overdueTimers.count > 0 && {
      id: 'timers',
      grave: true,
      title: `${counted(overdueTimers.count, 'saga')} should have been woken`,
      detail: 'Timers are late.',
    },
    outboxMs > OUTBOX_LATE_MS && {
      id: 'outbox',
      grave: true,
      title: `${counted(outbox.count, 'command')} not published for ${durationText(outboxMs)}`,
    },
    deadLetters.count > 0 && {
      id: 'dead-letters',
      grave: false,
      title: counted(deadLetters.count, 'open dead letter'),
      to: '/dead-letters',
    },
    holds.length > 0 && {
      id: 'holds',
      grave: false,
      title: `${counted(holds.length, 'hold')} in force, ${counted(heldSagas, 'saga')} waiting`,
      detail: [...new Set(holds.map(({ reason }) => reason))].join('; '),
      to: '/holds',
    },
    armedFaults > 0 && {
      id: 'faults',
      grave: false,
      title: `${counted(armedFaults, 'fault')} armed`,
      detail: 'Some failures are made on purpose.',
      to: '/faults',
      remedy: 'disarm-all',
    },
  ];
  return all.filter((each) => each !== false);
}
