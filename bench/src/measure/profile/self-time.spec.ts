import { largest, moduleOf, selfTime } from './self-time';

it('self time adds up the time spent in each function itself, without idle time', () => {
  const profile = {
    nodes: [node(1, 'parse', 'file:///app/dist/libs/saga/src/codec.js'), node(2, '(idle)', ''), node(3, 'writev', '')],
    samples: [1, 2, 1, 3, 1],
    timeDeltas: [0, 1_000, 50_000, 2_000, 4_000],
  };
  const { byFunction, byModule } = selfTime(profile);
  expect(largest(byModule, 5)).toEqual([
    ['native', 4],
    ['libs/saga/src/codec', 3],
  ]);
  expect(byFunction.get('parse  libs/saga/src/codec codec.js:1')).toBe(3);
});

it.each([
  ['file:///a/node_modules/kafkajs/src/network/socket.js', 'kafkajs'],
  ['/a/node_modules/x/node_modules/@nestjs/core/index.js', '@nestjs/core'],
  ['node:internal/timers', 'node:internal/timers'],
  ['/a/dist/bench/src/load.js', 'bench/src/load'],
])('self time attributes %s to the module %s', (url, module) => {
  expect(moduleOf(url, 'f')).toBe(module);
});

it('self time names a function without a file as V8 does', () => {
  expect(moduleOf('', '(garbage collector)')).toBe('(garbage collector)');
});

function node(id: number, functionName: string, url: string) {
  return { id, callFrame: { functionName, url, lineNumber: 0 } };
}
