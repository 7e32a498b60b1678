import { schemaOf, violations } from '@palinode/saga/contract';
import { authorizePayment, placeOrder, reserveStock } from '.';

const orderId = '0190a7d4-0000-7000-8000-000000000000';

describe('the contracts of the shop', () => {
  it('declare the refusals that a service may answer with', () => {
    expect(reserveStock.refusals).toEqual(['out-of-stock', 'unknown-sku']);
    expect(authorizePayment.refusals).toEqual(['card-declined', 'insufficient-funds']);
  });

  it('have JSON Schemas that are self-contained', () => {
    expect(JSON.stringify(schemaOf(placeOrder.input))).not.toContain('#/components');
  });

  it.each([
    ['lines', { orderId, lines: [] }],
    ['lines[0].quantity', { orderId, lines: [{ sku: 'SKU-1', quantity: -1 }] }],
    ['lines[0].sku', { orderId, lines: [{ sku: 'sku\u0000', quantity: 1 }] }],
    ['orderId', { orderId: '42', lines: [{ sku: 'SKU-1', quantity: 1 }] }],
  ])('reject a reservation with an invalid %s', (field, payload) => {
    expect(violations(reserveStock.payload, payload)).toEqual([expect.objectContaining({ field })]);
  });
});
