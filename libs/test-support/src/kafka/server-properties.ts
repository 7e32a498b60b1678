/** The settings of a broker, by Kafka's names. */
export type BrokerProperties = Readonly<Record<string, string | number | boolean>>;

/** A listener besides the one without TLS and authentication. */
export interface Listener {
  /** In capitals, such as `SECURED`. */
  readonly name: string;
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
  readonly port: number;
}

/** The configuration of a broker that is its own controller, for development and tests, without replication. */
export function serverProperties(
  place: { port: number; controllerPort: number; logDirectory: string },
  more: BrokerProperties = {},
  further: readonly Listener[] = [],
): string {
  const clients = [{ name: 'PLAINTEXT', protocol: 'PLAINTEXT', port: place.port }, ...further];
  const addresses = clients.map(({ name, port }) => `${name}://127.0.0.1:${port}`);
  const protocols = clients.map(({ name, protocol }) => `${name}:${protocol}`);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${place.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${place.controllerPort}`].join(','),
    'advertised.listeners': addresses.join(','),
    'listener.security.protocol.map': ['CONTROLLER:PLAINTEXT', ...protocols].join(','),
    'log.dirs': place.logDirectory.replaceAll('\\', '/'),
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'auto.create.topics.enable': false,
    ...more,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
