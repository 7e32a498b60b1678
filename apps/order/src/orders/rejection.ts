export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

const SENTENCES: Readonly<Record<string, string>> = {
  'out-of-stock': 'There is not enough in stock for this order.',
  'unknown-sku': 'An article of this order is no longer sold.',
  'card-declined': 'Your card was declined. Please use another one.',
  'insufficient-funds': 'Your card does not cover the amount of this order.',
  'authorization-expired': 'Your bank took back its approval before we could use it. Please order again.',
  cancelled: 'This order was cancelled. Nothing was charged.',
};

const TECHNICAL_PROBLEM: Rejection = {
  reason: 'not-available',
  message: 'We could not complete this order for technical reasons. Nothing was charged; please try again later.',
};

/** The reason as the customer sees it; internal errors are hidden. */
export function rejectionFor(reason: string): Rejection {
  const message = Object.hasOwn(SENTENCES, reason) ? SENTENCES[reason] : undefined;
  return message === undefined ? TECHNICAL_PROBLEM : { reason, message };
}
