import type { Hold, Waiting } from '../../holds';
import { time } from '../time';
import type { HoldView } from './hold.view';

export function holdViewOf(hold: Hold, waiting: Waiting | undefined): HoldView {
  const { id, where, reason, cause, by, at, expiresAt, probes, probeAt, ended } = hold;
  return {
    id,
    where,
    reason,
    cause,
    by,
    since: time(at),
    expiresAt: time(expiresAt),
    probes,
    probeAt: time(probeAt),
    waiting: { sagas: waiting?.sagas ?? 0, since: time(waiting?.since) },
    ended: ended && { ...ended, at: time(ended.at) },
  };
}
