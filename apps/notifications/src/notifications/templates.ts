import type {
  OrderApproved,
  OrderCancelled,
  OrderedArticle,
  OrderPlaced,
  OrderRejected,
  OrderRevised,
} from '@palinode/contracts';

export interface Text {
  readonly subject: string;
  readonly text: string;
}

export function placedText({ lines, totalCents, currency }: OrderPlaced): Text {
  return {
    subject: 'We have your order',
    text: `Thank you for your order of ${articles(lines)} for ${money(totalCents, currency)}. We tell you when it is settled.`,
  };
}

export function approvedText({ lines, totalCents, currency }: OrderApproved): Text {
  return {
    subject: 'Your order is on its way',
    text: `We charged ${money(totalCents, currency)} and send you ${articles(lines)}.`,
  };
}

export function rejectedText({ reason }: OrderRejected): Text {
  return {
    subject: 'We could not complete your order',
    text: `${REASONS.get(reason) ?? 'Something went wrong on our side.'} Nothing was charged.`,
  };
}

export function cancelledText({ totalCents, currency }: OrderCancelled): Text {
  return {
    subject: 'Your order is cancelled',
    text: `We paid ${money(totalCents, currency)} back to your card.`,
  };
}

export function revisedText({ lines, totalCents, totalCentsBefore, currency }: OrderRevised): Text {
  return {
    subject: 'Your order is changed',
    text: `You get ${articles(lines)} for ${money(totalCents, currency)}. ${settled(totalCents - totalCentsBefore, currency)}`,
  };
}

function settled(differenceCents: number, currency: string): string {
  if (differenceCents === 0) return 'The price stays the same.';
  const amount = money(Math.abs(differenceCents), currency);
  return differenceCents > 0 ? `We charged ${amount} more.` : `We paid ${amount} back to your card.`;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['out-of-stock', 'There is not enough in stock.'],
  ['unknown-sku', 'An article is no longer sold.'],
  ['card-declined', 'Your card was declined.'],
  ['insufficient-funds', 'Your card does not cover the amount.'],
  ['cancelled', 'Your order was cancelled.'],
]);

function articles(lines: readonly OrderedArticle[]): string {
  return lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ');
}

function money(cents: number, currency: string): string {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}
