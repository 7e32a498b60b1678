import { invalidRequest } from '@palinode/service';

/** Parses the number of the last event that a client has seen; 0 for a new client. */
export function lastEventId(header: string | undefined): number {
  if (header === undefined || header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw invalidRequest([{ field: 'Last-Event-ID', problem: 'must be the id of an event of this stream' }]);
}
