import { readEnvironment } from '@palinode/service';
import { OrderEnvironment } from './order-environment';

const complete = { DATABASE_URL: 'postgres://127.0.0.1/order', KAFKA_BROKERS: '127.0.0.1:9092' };
const read = (variables: Record<string, string>): OrderEnvironment =>
  readEnvironment(OrderEnvironment, { ...complete, ...variables });

describe('the environment of the order service', () => {
  it('turns the availability check off by default', () => {
    expect(read({ GRPC_URL_INVENTORY: 'wherever' })).toMatchObject({ AVAILABILITY: 'off' });
  });

  it.each([
    [{ AVAILABILITY: 'maybe' }, /AVAILABILITY must be one of/],
    [{ AVAILABILITY: 'grpc' }, /GRPC_URL_INVENTORY must be where .* answers gRPC, such as .* \(it is not set\)/],
    [
      { AVAILABILITY: 'grpc', GRPC_URL_INVENTORY: 'http://inventory' },
      /GRPC_URL_INVENTORY .* \(its value does not fit\)/,
    ],
    [{ AVAILABILITY: 'rest' }, /SERVICE_URL_INVENTORY must be the address/],
    [{ AVAILABILITY_DEADLINE_MS: '0' }, /AVAILABILITY_DEADLINE_MS/],
    [{ WEBHOOK_HOSTS: 'hooks.example.com' }, /WEBHOOK_SECRET must .* \(it is not set\)/],
    [{ WEBHOOK_HOSTS: 'hooks.example.com', WEBHOOK_SECRET: 'whsec_short' }, /WEBHOOK_SECRET must be whsec_/],
    [{ WEBHOOK_HOSTS: 'https://hooks.example.com/' }, /WEBHOOK_HOSTS must name hosts/],
    [{ WEBHOOK_PRIVATE_TARGETS: 'yes', NODE_ENV: 'production' }, /WEBHOOK_PRIVATE_TARGETS must be .* no in production/],
  ])('is rejected with %j, and the error names the variable', (variables: Record<string, string>, message) => {
    expect(() => read(variables)).toThrow(message);
  });
});
