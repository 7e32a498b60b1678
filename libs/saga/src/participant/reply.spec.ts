import { aCommand } from '../../test/messages';
import { actAlone } from '../../test/sample-participant';
import { answerWith, failWith } from './reply';

const command = aCommand(actAlone, { item: 'lamp' });

describe('a reply', () => {
  const success = (reply: object): unknown => JSON.parse(answerWith(actAlone, command, 'shop', reply).reply);

  it('names its type and its schema with the version of its command', () => {
    expect(success({ effect: 1 })).toMatchObject({
      type: 'shop.act-alone.reply.v1',
      dataschema: 'urn:palinode:schema:shop.act-alone.reply.v1',
    });
  });

  it('carries along what its command does, and nothing else', () => {
    const carried = { traceparent: '00-1-2-01', sagafault: 'shop.act-alone=fail' };
    const { reply } = answerWith(actAlone, { ...command, ...carried }, 'shop', { effect: 1 });
    expect(JSON.parse(reply)).toMatchObject(carried);
    expect(success({ effect: 1 })).not.toHaveProperty('traceparent');
    expect(success({ effect: 1 })).not.toHaveProperty('sagafault');
  });

  it('is not sent when it violates its contract', () => {
    expect(() => success({ effect: 'none' })).toThrow('effect must be integer');
  });

  it('may hold fields that its contract does not name', () => {
    expect(success({ effect: 1, later: true })).toMatchObject({ data: { effect: 1, later: true } });
  });
});

describe('a failure reply', () => {
  it('carries its reason and detail', () => {
    const { reply } = failWith(command, 'shop', { reason: 'TypeError', detail: 'no shelf' });
    expect(JSON.parse(reply)).toMatchObject({ outcome: 'failure', data: { reason: 'TypeError', detail: 'no shelf' } });
  });

  it('fits into a message, however long its reason and detail are', () => {
    const { reply } = failWith(command, 'shop', { reason: 'r'.repeat(1e6), detail: 'd'.repeat(1e6) });
    expect(reply.length).toBeLessThan(2_000);
  });
});
