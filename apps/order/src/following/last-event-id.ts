import { invalidRequest } from '@palinode/service';

/** The number of the last event that a client says it has seen; zero for one that begins. */
export function lastEventId(header: string | undefined): number {
  if (header === undefined || header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw invalidRequest([{ field: 'Last-Event-ID', problem: 'must be the id of an event of this stream' }]);
}
