import type { SagaDetail, SagaSummary } from '../saga.view';
import type { Changes } from './change-reader';
import { MOST_SHOWN, StreamEventReader } from './stream-event-reader';
import { textOf } from './stream-position';
import { STREAM_EVENTS } from './stream-events';
import { StreamQuery } from './stream.query';

const position = { at: 1, next: 10n, running: [7n] };
const changes = (sagas: readonly string[], others: Changes['others'] = new Map()): Changes => ({
  position,
  sagas,
  others,
});

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `id-${n}`);

/** All sagas match but those in `unmatched`; a bulk action has no saga, any other thing belongs to `saga-1`. */
function reader(unmatched: readonly string[] = []): StreamEventReader {
  const matching = async (_: unknown, changed: readonly string[], limit: number) => {
    const ids = changed.filter((id) => !unmatched.includes(id));
    return { shown: ids.slice(0, limit).map((id) => ({ id }) as SagaSummary), ids: new Set(ids) };
  };
  const find = async (id: string): Promise<SagaDetail> => ({ id, input: 'whole' }) as SagaDetail;
  const read = async (kind: string, ids: readonly string[]) =>
    ids.map((id) => ({ data: { id }, saga: kind === 'bulk-action' ? undefined : 'saga-1' }));
  return new StreamEventReader({ matching }, { find }, { read });
}

const query = (given: Partial<StreamQuery> = {}): StreamQuery =>
  Object.assign(new StreamQuery(), { events: [...STREAM_EVENTS] }, given);

interface Told {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

function parsed(text: string): Told[] {
  return text
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
      return { id: field('id'), event: field('event') ?? '', data: JSON.parse(field('data') ?? 'null') as unknown };
    });
}

describe('what clients are told about changes', () => {
  it('gives only the last event an id, so that a client that is cut off between is told all of them again', async () => {
    const told = parsed(await reader().read(changes(['a', 'b']), query()));
    expect(told.map(({ id }) => id)).toEqual([undefined, textOf(position)]);
  });

  it('shows the newest sagas up to a limit and counts the others', async () => {
    const told = parsed(await reader().read(changes(idsOf(MOST_SHOWN + 12)), query()));
    const shown = told.flatMap(({ event, data }) => (event === 'saga' ? [(data as SagaSummary).id] : []));
    expect(shown.toSorted()).toEqual(
      idsOf(MOST_SHOWN + 12)
        .slice(12)
        .toSorted(),
    );
    expect(told.at(-1)).toMatchObject({ event: 'overflow', data: { event: 'saga', count: 12 } });
  });

  it('counts only the sagas that match filters and are not shown', async () => {
    const ids = idsOf(MOST_SHOWN + 12);
    const told = parsed(await reader(['id-3']).read(changes(ids), query({ status: ['PAUSED'] })));
    expect(told.filter(({ event }) => event === 'saga')).toHaveLength(MOST_SHOWN);
    expect(told.slice(-2)).toMatchObject([
      { event: 'unmatched', data: { ids: ['id-3'] } },
      { event: 'overflow', data: { event: 'saga', count: 11 } },
    ]);
  });

  it('shows a limited number of other things and counts the others', async () => {
    const letters = new Map([['dead-letter' as const, idsOf(MOST_SHOWN + 3)]]);
    const told = parsed(await reader().read(changes([], letters), query()));
    expect(told).toHaveLength(MOST_SHOWN + 1);
    expect(told.at(-1)).toMatchObject({ event: 'overflow', data: { event: 'dead-letter', count: 3 } });
  });

  it('names the sagas that no longer match the filters', async () => {
    const told = parsed(await reader(['b']).read(changes(['a', 'b']), query({ status: ['PAUSED'] })));
    expect(told.map(({ event, data }) => [event, data])).toEqual([
      ['saga', { id: 'a' }],
      ['unmatched', { ids: ['b'] }],
    ]);
  });

  it('tells a client of one saga only what concerns it, with all its details', async () => {
    const others: Changes['others'] = new Map([
      ['dead-letter', ['letter']],
      ['bulk-action', ['bulk']],
    ]);
    const told = parsed(await reader().read(changes(['saga-1', 'saga-2'], others), query({ saga: 'saga-1' })));
    expect(told.map(({ event, data }) => [event, data])).toEqual([
      ['dead-letter', { id: 'letter' }],
      ['saga', { id: 'saga-1', input: 'whole' }],
    ]);
    expect(await reader().read(changes(['saga-2']), query({ saga: 'saga-1' }))).toBe('');
  });

  it('tells only the events that a client has chosen', async () => {
    const holds: Changes['others'] = new Map([['hold', ['hold-1']]]);
    const told = parsed(await reader().read(changes(['a'], holds), query({ events: ['hold'] })));
    expect(told.map(({ event }) => event)).toEqual(['hold']);
  });
});
