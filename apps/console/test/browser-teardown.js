module.exports = async function tearDown() {
  await globalThis.stopTestBrowser?.();
};
