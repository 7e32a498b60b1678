const { default: Sequencer } = require('@jest/test-sequencer');

/** The slowest files, the slowest first: if one of them started last, the suite would wait for it alone. */
const LONGEST = [
  'test/chaos/embedded.e2e-spec.ts',
  'test/chaos/disturbances.e2e-spec.ts',
  'test/chaos/apache.e2e-spec.ts',
  'test/chaos/shutdown.e2e-spec.ts',
  'test/chaos/broken-broker-apache.e2e-spec.ts',
  'test/packages/peers.e2e-spec.ts',
  'test/incidents/incidents.e2e-spec.ts',
  'apps/console/test/own-shop/incidents.e2e-spec.ts',
  'apps/console/test/own-shop/every-screen.e2e-spec.ts',
  'stack/src/demo/demo.e2e-spec.ts',
  'bench/src/services.e2e-spec.ts',
  'bench/src/shop.e2e-spec.ts',
  'libs/saga/test/seeded-bugs/seeded-bugs.int-spec.ts',
  'bench/src/databases.e2e-spec.ts',
  'protocol/src/conformance/conformance.int-spec.ts',
  'packages/cli/test/operate.int-spec.ts',
  'test/end-to-end/apache.e2e-spec.ts',
  'libs/saga/src/messaging/kafka/apache-kafka.int-spec.ts',
  'stack/src/commands.int-spec.ts',
  'test/end-to-end/embedded.e2e-spec.ts',
  'libs/saga/src/orchestrator/shared-cluster.int-spec.ts',
  'apps/order/src/webhooks/webhooks.int-spec.ts',
  'libs/embedded-kafka/test/conformance/embedded.int-spec.ts',
  'libs/saga/src/messaging/kafka/kafka-transport.int-spec.ts',
  'libs/saga/test/round-trip/book-trip.spec.ts',
  'test/pairs/pairs.spec.ts',
  'libs/saga/src/testing/explorer/reduction.property.spec.ts',
  'apps/orchestrator/src/place-order.spec.ts',
];

/** The files that are known to be slow, then jest's own order, which is by size in a fresh clone. */
class LongestFirst extends Sequencer {
  static LONGEST = LONGEST;

  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- not the method of arrays
    const others = super.sort(tests);
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((file) => path.endsWith(file));
      return place < 0 ? LONGEST.length : place;
    };
    return others.toSorted((a, b) => rank(a) - rank(b));
  }
}

module.exports = LongestFirst;
