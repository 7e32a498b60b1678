export interface AuthorizationRequest {
  /** A request with the same key gets the same answer and has no second effect. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly token: string;
}

export interface FollowUpRequest {
  readonly idempotencyKey: string;
  /** The gateway's id of the authorization. */
  readonly reference: string;
}

/** Voids everything that is authorized for the order and not captured. */
export interface VoidRequest {
  readonly idempotencyKey: string;
  readonly orderId: string;
}

export type AuthorizationAnswer =
  | { readonly kind: 'authorized'; readonly reference: string }
  | { readonly kind: 'declined'; readonly reason: 'card-declined' | 'insufficient-funds' };

export interface RefundRequest extends FollowUpRequest {
  readonly amountCents: number;
}

export type RefundAnswer = 'refunded' | 'not-refundable';

export type CaptureAnswer = 'captured' | 'authorization-expired';

/** The third party that moves money. It rejects when it fails; a rejection does not show whether it has acted. */
export interface CardGateway {
  authorize(request: AuthorizationRequest): Promise<AuthorizationAnswer>;
  capture(request: FollowUpRequest): Promise<CaptureAnswer>;
  void(request: VoidRequest): Promise<void>;
  refund(request: RefundRequest): Promise<RefundAnswer>;
}

export const CARD_GATEWAY = Symbol('card gateway');
