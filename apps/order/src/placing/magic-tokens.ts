import { authorizePayment, capturePayment } from '@palinode/contracts';

/** Payment tokens that inject faults into an order, where fault injection is on. Elsewhere they are ordinary tokens. */
const FAULTS: Readonly<Record<string, string>> = {
  tok_lost_reply: `${capturePayment.name}=drop-reply`,
  tok_double_reply: `${capturePayment.name}=duplicate-reply`,
  tok_poison: `${authorizePayment.name}=poison`,
  tok_crash: `${capturePayment.name}=crash`,
};

export function faultOfToken(token: string): string | undefined {
  return FAULTS[token];
}
