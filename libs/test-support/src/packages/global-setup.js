// Packs the packages once for all files of the suite.
require('../processes/run-typescript.js');

module.exports = () => void require('./packages.ts').packAll();
