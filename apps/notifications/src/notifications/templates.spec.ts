import { approvedText, cancelledText, placedText, rejectedText, revisedText } from './templates';

const order = {
  orderId: 'o-1',
  customerId: 'c-1',
  lines: [
    { sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 2, unitPriceCents: 1_250 },
    { sku: 'SKU-SCALE', name: 'Kitchen scale', quantity: 1, unitPriceCents: 3_455 },
  ],
  totalCents: 5_955,
  currency: 'EUR',
};

describe('the text of a notification', () => {
  it('names the articles and the amount when the order is placed', () => {
    expect(placedText(order).text).toContain('2 × Porcelain cup, 1 × Kitchen scale for 59.55 EUR');
  });

  it('states the refund when the order is cancelled', () => {
    expect(cancelledText(order).text).toBe('We paid 59.55 EUR back to your card.');
  });

  it('states the charge when the order is approved', () => {
    expect(approvedText(order).text).toMatch(/^We charged 59\.55 EUR/);
  });

  it.each([
    [5_000, 'You get 2 × Porcelain cup, 1 × Kitchen scale for 59.55 EUR. We charged 9.55 EUR more.'],
    [6_000, 'You get 2 × Porcelain cup, 1 × Kitchen scale for 59.55 EUR. We paid 0.45 EUR back to your card.'],
    [5_955, 'You get 2 × Porcelain cup, 1 × Kitchen scale for 59.55 EUR. The price stays the same.'],
  ])('states the revised order and how its price changed from %i cents', (totalCentsBefore, text) => {
    expect(revisedText({ ...order, linesBefore: [], totalCentsBefore }).text).toBe(text);
  });

  it.each([
    ['card-declined', 'Your card was declined. Nothing was charged.'],
    ['TypeError', 'Something went wrong on our side. Nothing was charged.'],
  ])('explains a rejection for %s in plain words', (reason, text) => {
    expect(rejectedText({ orderId: 'o-1', customerId: 'c-1', reason }).text).toBe(text);
  });
});
