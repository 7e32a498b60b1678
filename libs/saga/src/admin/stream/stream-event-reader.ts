import { NotFoundException } from '@nestjs/common';
import { eventText, type ServerSentEvent } from '../../http';
import type { SagaDetails } from '../saga-details';
import type { SagaSummary } from '../saga.view';
import type { Changes } from './change-reader';
import type { ChangedSagas } from './changed-sagas';
import type { ChangeViews } from './change-views';
import { CHANGE_KINDS, type ChangeKind, type StreamEvent } from './stream-events';
import { textOf } from './stream-position';
import { filterIn, type StreamQuery } from './stream.query';

/** So many sagas, or other things of one kind, are shown at once; the rest is counted. */
export const MOST_SHOWN = 50;

/** Reads what clients are told about changes. */
export class StreamEventReader {
  constructor(
    private readonly sagas: Pick<ChangedSagas, 'matching'>,
    private readonly details: Pick<SagaDetails, 'find'>,
    private readonly views: Pick<ChangeViews, 'read'>,
  ) {}

  /** The events for clients with this query, as text; empty when there are none. */
  async read(changes: Changes, query: StreamQuery): Promise<string> {
    const events: ServerSentEvent[] = [];
    for (const kind of CHANGE_KINDS)
      if (query.events.includes(kind)) events.push(...(await this.others(kind, changes.others.get(kind) ?? [], query)));
    if (query.events.includes('saga')) events.push(...(await this.ofSagas(changes.sagas, query)));
    const last = events.length - 1;
    // A client that is cut off before the last one is told all of them again.
    const id = textOf(changes.position);
    return events.map((event, index) => eventText(index === last ? { id, ...event } : event)).join('');
  }

  private async ofSagas(changed: readonly string[], query: StreamQuery): Promise<ServerSentEvent[]> {
    if (changed.length === 0) return [];
    const { saga } = query;
    if (saga !== undefined) return changed.includes(saga) ? this.detail(saga) : [];
    const filter = filterIn(query);
    if (Object.keys(filter).length === 0) {
      // All match, so those that are only counted need not be read.
      const { shown } = await this.sagas.matching(filter, changed.slice(-MOST_SHOWN), MOST_SHOWN);
      return [...sagaEvents(shown), ...overflow('saga', changed.length - MOST_SHOWN)];
    }
    const { shown, ids } = await this.sagas.matching(filter, changed, MOST_SHOWN);
    const unmatched = changed.filter((id) => !ids.has(id));
    return [
      ...sagaEvents(shown),
      ...(unmatched.length === 0 ? [] : [{ event: 'unmatched', data: { ids: unmatched } }]),
      ...overflow('saga', ids.size - shown.length),
    ];
  }

  /** Nothing when the saga does not exist, or no longer. */
  private async detail(id: string): Promise<ServerSentEvent[]> {
    try {
      return [{ event: 'saga', data: await this.details.find(id) }];
    } catch (error) {
      if (error instanceof NotFoundException) return [];
      throw error;
    }
  }

  private async others(kind: ChangeKind, ids: readonly string[], { saga }: StreamQuery): Promise<ServerSentEvent[]> {
    if (ids.length === 0) return [];
    const shown = await this.views.read(kind, ids.slice(0, MOST_SHOWN));
    const told = shown.filter((thing) => saga === undefined || thing.saga === saga);
    return [...told.map(({ data }) => ({ event: kind, data })), ...overflow(kind, ids.length - MOST_SHOWN)];
  }
}

/** The oldest first. */
function sagaEvents(shown: readonly SagaSummary[]): ServerSentEvent[] {
  return shown.toReversed().map((data) => ({ event: 'saga', data }));
}

function overflow(event: StreamEvent, count: number): ServerSentEvent[] {
  return count > 0 ? [{ event: 'overflow', data: { event, count } }] : [];
}
