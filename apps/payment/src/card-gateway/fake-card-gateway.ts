import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type {
  AuthorizationAnswer,
  AuthorizationRequest,
  CaptureAnswer,
  CardGateway,
  FollowUpRequest,
  RefundAnswer,
  RefundRequest,
  VoidRequest,
} from './card-gateway';

const REMEMBERED = 10_000;
const SLOW_MS = 1_000;

/** The gateway is unavailable; another attempt may succeed. */
export class GatewayUnavailableError extends Error {
  override readonly name = 'GatewayUnavailableError';
}

/** An action of the card gateway. */
export type GatewayAct = { readonly idempotencyKey: string } & (
  | { readonly act: 'authorized'; readonly orderId: string; readonly reference: string; readonly amountCents: number }
  | { readonly act: 'captured'; readonly reference: string }
  | { readonly act: 'voided'; readonly orderId: string }
  | { readonly act: 'refunded'; readonly reference: string; readonly amountCents: number }
);

/**
 * The gateway's own record, one JSON document a line. No rollback and no crash of this process changes it. A repetition
 * under the same key may be recorded again and is the same action.
 */
export class GatewayRecord {
  /** Creates the file at once, so that an idle gateway differs from one without a record. */
  constructor(private readonly file: string | undefined) {
    if (file !== undefined) appendFileSync(file, '');
  }

  add(act: GatewayAct): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(act)}\n`);
  }
}

/**
 * A card gateway for demonstrations. The token selects the behaviour:
 * `tok_declined` and `tok_insufficient_funds` are refused; `tok_slow` answers after a second; `tok_flaky_2` is unavailable
 * for the first two attempts of an order; `tok_expiring` is authorized, but cannot be captured; payments by `tok_final` are
 * not refunded, and those by `tok_flaky_refund` only on the third request. All others succeed, including those that inject
 * faults in the order service (`order-placing.ts`).
 */
@Injectable()
export class FakeCardGateway implements CardGateway {
  private readonly answers = new Map<string, Promise<AuthorizationAnswer>>();
  private readonly attempts = new Map<string, number>();

  constructor(private readonly record: GatewayRecord) {}

  /** Like a real gateway, it stores the answer to each key and computes it once, even for concurrent requests. */
  authorize(request: AuthorizationRequest): Promise<AuthorizationAnswer> {
    const known = this.answers.get(request.idempotencyKey);
    if (known) return known;
    const answer = this.decide(request);
    remember(this.answers, request.idempotencyKey, answer);
    // A failed attempt may be repeated.
    answer.catch(() => this.answers.delete(request.idempotencyKey));
    return answer;
  }

  async capture({ idempotencyKey, reference }: FollowUpRequest): Promise<CaptureAnswer> {
    if (reference.startsWith('expiring-')) return 'authorization-expired';
    this.record.add({ idempotencyKey, act: 'captured', reference });
    return 'captured';
  }

  async void({ idempotencyKey, orderId }: VoidRequest): Promise<void> {
    this.record.add({ idempotencyKey, act: 'voided', orderId });
  }

  async refund({ idempotencyKey, reference, amountCents }: RefundRequest): Promise<RefundAnswer> {
    if (reference.startsWith('final-')) return 'not-refundable';
    if (reference.startsWith('flaky-refund-')) this.failFirst(2, reference);
    this.record.add({ idempotencyKey, act: 'refunded', reference, amountCents });
    return 'refunded';
  }

  private async decide(request: AuthorizationRequest): Promise<AuthorizationAnswer> {
    const answer = await this.answerTo(request);
    const { idempotencyKey, orderId, amountCents } = request;
    if (answer.kind === 'authorized')
      this.record.add({ idempotencyKey, act: 'authorized', orderId, reference: answer.reference, amountCents });
    return answer;
  }

  private async answerTo({ token, orderId, idempotencyKey }: AuthorizationRequest): Promise<AuthorizationAnswer> {
    switch (token) {
      case 'tok_declined':
        return { kind: 'declined', reason: 'card-declined' };
      case 'tok_insufficient_funds':
        return { kind: 'declined', reason: 'insufficient-funds' };
      case 'tok_slow':
        await delay(SLOW_MS);
        return { kind: 'authorized', reference: `held-${idempotencyKey}` };
      case 'tok_flaky_2':
        this.failFirst(2, orderId);
        return { kind: 'authorized', reference: `held-${idempotencyKey}` };
      case 'tok_final':
        return { kind: 'authorized', reference: `final-${idempotencyKey}` };
      case 'tok_flaky_refund':
        return { kind: 'authorized', reference: `flaky-refund-${idempotencyKey}` };
      case 'tok_expiring':
        return { kind: 'authorized', reference: `expiring-${idempotencyKey}` };
      default:
        return { kind: 'authorized', reference: `held-${idempotencyKey}` };
    }
  }

  private failFirst(times: number, what: string): void {
    const attempt = (this.attempts.get(what) ?? 0) + 1;
    remember(this.attempts, what, attempt);
    if (attempt <= times) throw new GatewayUnavailableError(`The card gateway is unavailable (attempt ${attempt}).`);
  }
}

/** Keeps only the newest entries, to bound memory. */
function remember<Value>(entries: Map<string, Value>, key: string, value: Value): void {
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > REMEMBERED && oldest !== undefined) entries.delete(oldest);
}
