import type { AuthorizationRequest } from './card-gateway';
import { FakeCardGateway, GatewayRecord, GatewayUnavailableError } from './fake-card-gateway';

const request = (token: string, idempotencyKey = 'key-1'): AuthorizationRequest => ({
  idempotencyKey,
  orderId: 'order-1',
  amountCents: 100,
  currency: 'EUR',
  token,
});

describe('the fake card gateway', () => {
  it.each([
    ['tok_ok', { kind: 'authorized', reference: 'held-key-1' }],
    ['tok_declined', { kind: 'declined', reason: 'card-declined' }],
    ['tok_insufficient_funds', { kind: 'declined', reason: 'insufficient-funds' }],
    ['tok_of_somebody', { kind: 'authorized', reference: 'held-key-1' }],
  ])('answers %s with %j', async (token, answer) => {
    expect(await new FakeCardGateway(new GatewayRecord(undefined)).authorize(request(token))).toEqual(answer);
  });

  it('repeats its first answer to an idempotency key, whatever the request', async () => {
    const gateway = new FakeCardGateway(new GatewayRecord(undefined));
    const first = await gateway.authorize(request('tok_ok'));
    expect(await gateway.authorize(request('tok_declined'))).toBe(first);
  });

  it('is unavailable for the first two attempts of an order with tok_flaky_2', async () => {
    const gateway = new FakeCardGateway(new GatewayRecord(undefined));
    await expect(gateway.authorize(request('tok_flaky_2', 'key-1'))).rejects.toThrow(GatewayUnavailableError);
    await expect(gateway.authorize(request('tok_flaky_2', 'key-2'))).rejects.toThrow(GatewayUnavailableError);
    expect(await gateway.authorize(request('tok_flaky_2', 'key-3'))).toMatchObject({ kind: 'authorized' });
  });

  it('does not capture an authorization of tok_expiring', async () => {
    const gateway = new FakeCardGateway(new GatewayRecord(undefined));
    const answer = await gateway.authorize(request('tok_expiring'));
    const reference = answer.kind === 'authorized' ? answer.reference : '';
    expect(await gateway.capture({ idempotencyKey: 'key-2', reference })).toBe('authorization-expired');
  });
});
