// A fake service for tests of the launcher: it implements the contract between the two and nothing else.
const { createServer } = require('node:http');

const { PORT, HOST, PALINODE_WITH_PARENT, FAKE_BROKEN, DATABASE_URL } = process.env;

if (FAKE_BROKEN && DATABASE_URL.includes(FAKE_BROKEN)) {
  console.error(`${FAKE_BROKEN} cannot start`);
  process.exit(7);
}

const server = createServer((request, response) => {
  response.statusCode = ['/readyz', '/consumers', '/environment'].includes(request.url) ? 200 : 404;
  response.end(request.url === '/environment' ? JSON.stringify(process.env) : '');
});
server.listen(Number(PORT), HOST, () => console.log(JSON.stringify({ level: 30, msg: 'listening' })));

const end = () => {
  console.log(JSON.stringify({ level: 30, msg: 'ended in order' }));
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGTERM', end);
if (PALINODE_WITH_PARENT) process.stdin.once('close', end).resume();
