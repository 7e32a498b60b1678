/** A card of the shop's customers, by its token at the card gateway. */
export interface Card {
  readonly token: string;
  readonly label: string;
  /** What becomes of an order that is paid by it. */
  readonly effect: string;
}

/** The tokens of docs/guide/faults.md. */
export const cards: readonly Card[] = [
  { token: 'tok_ok', label: 'A good card', effect: 'The order is paid and confirmed.' },
  {
    token: 'tok_declined',
    label: 'A card that is declined',
    effect: 'The payment is refused: the reserved stock goes back, and the order is rejected.',
  },
  {
    token: 'tok_insufficient_funds',
    label: 'A card without enough money',
    effect: 'The payment is refused for another reason; the stock goes back.',
  },
  {
    token: 'tok_expiring',
    label: 'A card whose authorization expires',
    effect: 'The money is held, but cannot be captured: all that was done is compensated.',
  },
  { token: 'tok_slow', label: 'A slow card', effect: 'The card gateway takes a second to answer.' },
  {
    token: 'tok_flaky_2',
    label: 'A card that fails twice',
    effect: 'The card gateway is away twice: the payment is tried again until it succeeds.',
  },
  {
    token: 'tok_flaky_refund',
    label: 'A card whose refunds fail twice',
    effect: 'The order succeeds. Cancel it: the refund is tried until it succeeds.',
  },
  {
    token: 'tok_final',
    label: 'A card without refunds',
    effect: 'The order succeeds. Cancel it: the refund is refused, so the order stays.',
  },
  {
    token: 'tok_lost_reply',
    label: 'A card whose reply is lost',
    effect: 'The customer is charged, but no reply arrives: the command is sent again and charges nothing.',
  },
  {
    token: 'tok_double_reply',
    label: 'A card that replies twice',
    effect: 'Each reply arrives twice: the second one changes nothing.',
  },
  {
    token: 'tok_poison',
    label: 'A card that spoils its command',
    effect: 'A command arrives with invalid data: it becomes a dead letter, and a new attempt follows.',
  },
  {
    token: 'tok_crash',
    label: 'A card that kills the payment service',
    effect: 'The service dies right after its commit: it restarts, and nothing happens twice.',
  },
];
