import { ConfigurationError } from '../../contract';

/** `host:port`, with an IPv6 address in brackets: `[::1]:9092`. */
export const BROKER_ADDRESS = /^(?:[^\s:[\]@/]+|\[[0-9a-fA-F:.]+(?:%[^\s\]]+)?\]):(\d{1,5})$/;

/**
 * The addresses of these brokers in the form of kafkajs.
 *
 * @throws ConfigurationError for an empty list, which kafkajs reports only when it connects, and for an invalid address
 */
export function addressesOf(brokers: readonly string[]): string[] {
  if (!Array.isArray(brokers) || brokers.length === 0)
    throw new ConfigurationError('No broker is named; give at least one as host:port, such as kafka.example:9092.');
  for (const broker of brokers) {
    const port = Number(BROKER_ADDRESS.exec(broker)?.[1]);
    if (!(port >= 1 && port <= 65_535))
      throw new ConfigurationError(
        `"${broker}" is no address of a broker; write host:port without blanks, such as kafka.example:9092 or [::1]:9092.`,
      );
  }
  return brokers.map(withoutColons);
}

/** Names the brokers at the end of a message about them; nothing when there are none. */
export function namingBrokers(brokers: readonly string[]): string {
  return brokers.length === 0
    ? ''
    : `; its ${brokers.length === 1 ? 'broker is' : 'brokers are'} ${brokers.join(', ')}`;
}

/** kafkajs takes everything before the first colon as the host. */
function withoutColons(broker: string): string {
  const end = broker.lastIndexOf(':');
  return `${broker.slice(0, end).replaceAll(':', ';')}${broker.slice(end)}`;
}

/** The host that a client connects to, from that part of an address in the form of kafkajs. */
export function hostIn(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1).replaceAll(';', ':') : host;
}
