import type { DataSource } from 'typeorm';
import { TABLES } from '../messaging';
import { EventInbox } from './event-inbox';
import { lagOf } from './lag';

const handled = { topic: 't', partition: 0, position: '5', eventAt: new Date() };
const dataSource = { query: () => Promise.resolve([handled]) } as unknown as DataSource;
const inbox = new EventInbox(dataSource, 's', 8, TABLES);
const offsets = { of: () => Promise.resolve([{ partition: 0, first: 0n, end: 7n }]) };

describe('the lag of a subscriber', () => {
  it('counts the events that it has neither handled nor skipped', async () => {
    expect(await lagOf(inbox, offsets, ['t'])).toMatchObject([{ position: 5, lag: 2 }]);
    expect(await lagOf(inbox, offsets, ['t'], () => 4n)).toMatchObject([{ position: 5, lag: 2 }]);
  });

  it('does not count transaction markers that it has skipped', async () => {
    expect(await lagOf(inbox, offsets, ['t'], () => 7n)).toMatchObject([{ position: 7, lag: 0, ageMs: 0 }]);
  });
});
