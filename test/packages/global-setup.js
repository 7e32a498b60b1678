// Packs the packages once for all files of this suite.
require('../../libs/test-support/src/processes/run-typescript.js');

module.exports = () => require('../../stack/src/packages/tarballs.ts').packAll();
