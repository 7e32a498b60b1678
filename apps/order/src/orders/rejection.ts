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

const TROUBLE: Rejection = {
  reason: 'not-available',
  message: 'We could not complete this order for technical reasons. Nothing was charged; please try again later.',
};

/** What a customer may read of the reason; what went wrong inside stays inside. */
export function rejectionFor(reason: string): Rejection {
  const message = Object.hasOwn(SENTENCES, reason) ? SENTENCES[reason] : undefined;
  return message === undefined ? TROUBLE : { reason, message };
}
