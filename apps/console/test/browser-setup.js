// Jest resolves no alias in its global setup, so what it runs is loaded as Node runs the TypeScript of this repository.
require('../../../libs/test-support/src/processes/run-typescript.js');

module.exports = async function setUp() {
  // Jest loads setup and teardown apart, so that they share no module.
  globalThis.stopTestBrowser = await require('./shared-browser.ts').startSharedBrowser();
};
