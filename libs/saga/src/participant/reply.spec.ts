import { aCommand } from '../testing/messages';
import { actAlone } from '../testing/sample-participant';
import { failWith } from './reply';

const command = aCommand(actAlone, { item: 'lamp' });

describe('a failure', () => {
  it('tells why', () => {
    const { reply } = failWith(command, 'shop', { reason: 'TypeError', detail: 'no shelf' });
    expect(JSON.parse(reply)).toMatchObject({ outcome: 'failure', data: { reason: 'TypeError', detail: 'no shelf' } });
  });

  it('fits into a message, however much there is to tell', () => {
    const { reply } = failWith(command, 'shop', { reason: 'r'.repeat(1e6), detail: 'd'.repeat(1e6) });
    expect(reply.length).toBeLessThan(2_000);
  });
});
