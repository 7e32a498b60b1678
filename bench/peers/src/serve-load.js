const { drive } = require('../../../dist/bench/src/load');

/** Does what the bench asks this process for: load, order by order. */
function serveLoad(order) {
  process.on('disconnect', () => process.exit(1));
  process.on('message', (options) => void drive(options, order).then((result) => process.send(result)));
  process.send('ready');
}

module.exports = { serveLoad };
