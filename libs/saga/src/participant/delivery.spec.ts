import * as fc from 'fast-check';
import { MAX_MESSAGE_BYTES, type CommandContract } from '../contract';
import { anyMessage } from '../../test/any-message';
import { aCommand, incoming } from '../../test/messages';
import { anOrder, reserveStock } from '../../test/sample-saga';
import { isDelivery, read } from './delivery';
import { failWith } from './reply';
import { Served } from './served';

const inventory = Served.of('inventory');
const contracts = new Map<string, CommandContract>([[reserveStock.type, reserveStock]]);
const order = (): ReturnType<typeof aCommand> => aCommand(reserveStock, anOrder(), { subject: 'o-1' });

describe('a message to a participant', () => {
  it('is accepted when it is valid', () => {
    const command = order();
    const delivery = read(incoming('inventory.commands', command), inventory, contracts);
    expect(delivery).toMatchObject({ command, contract: reserveStock });
  });

  it('can be answered on the reply topic of its service as long as its step and direction are known', () => {
    const broken = { ...order(), type: 7, subject: {}, traceparent: '\0', replyto: 'elsewhere', data: null };
    const each = read(incoming('inventory.commands', broken), inventory, contracts);
    expect(each).toMatchObject({
      rejection: { reason: 'forbidden-text' },
      command: { id: broken.id, sagaid: broken.sagaid, replyto: 'orchestrator.replies.inventory', subject: undefined },
    });
  });

  it('of several orchestrators is answered where it came from, and of none that is not served', () => {
    const served = Served.of('inventory', ['shop', 'travel']);
    const from = (replyto: string): object =>
      read(incoming('inventory.commands', { ...order(), replyto }), served, contracts);
    expect(from('travel.replies.inventory')).toMatchObject({ command: { replyto: 'travel.replies.inventory' } });
    expect(from('travel.replies.inventory')).toHaveProperty('contract', reserveStock);
    for (const foreign of [
      'orchestrator.replies.inventory',
      'travel.replies.payment',
      'staging.shop.replies.inventory',
    ])
      expect(from(foreign)).toMatchObject({
        rejection: {
          reason: 'foreign-reply-topic',
          detail: 'replyto must be shop.replies.inventory or travel.replies.inventory.',
        },
        command: { replyto: 'shop.replies.inventory' },
      });
  });

  it('that is broken is answered on the reply topic of its orchestrator', () => {
    const served = Served.of('inventory', ['shop', 'travel'], 'staging.');
    const broken = { ...order(), replyto: 'staging.travel.replies.inventory', data: null };
    expect(read(incoming('staging.inventory.commands', broken), served, contracts)).toMatchObject({
      rejection: { reason: 'invalid-payload' },
      command: { replyto: 'staging.travel.replies.inventory' },
    });
  });

  it.each([
    [[], 'inventory serves no orchestrator'],
    [['shop', 'inventory'], 'inventory is the name of an orchestrator that it serves'],
    [['The Shop'], '"The Shop" is not a valid name of an orchestrator'],
  ])('cannot come to a service that serves %j', (orchestrators, problem) => {
    expect(() => Served.of('inventory', orchestrators)).toThrow(problem);
  });

  it.each(['id', 'sagaid', 'sagastep', 'sagadirection'])('cannot be answered without its %s', (name) => {
    const each = read(incoming('inventory.commands', { ...order(), [name]: undefined }), inventory, contracts);
    expect(each).toMatchObject({ rejection: expect.anything(), command: undefined });
  });

  it('is, whatever it holds, accepted or rejected with a reason and, where possible, an answer', () => {
    let answered = 0;
    let delivered = 0;
    fc.assert(
      fc.property(anyMessage('inventory.commands', order()), (message) => {
        const each = read(message, inventory, contracts);
        if (isDelivery(each)) {
          delivered += 1;
          return;
        }
        expect(each.rejection.reason).toMatch(/^[a-z-]+$/);
        if (each.command === undefined) return;
        answered += 1;
        const { reply, topic } = failWith(each.command, 'inventory', each.rejection);
        expect(topic).toBe('orchestrator.replies.inventory');
        expect(Buffer.byteLength(reply)).toBeLessThan(MAX_MESSAGE_BYTES);
      }),
      { numRuns: 2_000 },
    );
    expect([answered > 50, delivered > 50]).toEqual([true, true]);
  });
});
