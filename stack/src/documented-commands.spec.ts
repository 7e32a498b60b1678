import { blocksOf } from './documented-commands';

describe('the commands of a page', () => {
  it('are the blocks marked sh and diff, in order', () => {
    const markdown =
      '```sh background\nnpm start\n```\n\n```console\n$ not run\n```\n\n```sh\ncurl a\ncurl b\n```\n\n' +
      '```diff\n-a\n+b\n```\n\n```ts\nnotRun();\n```\n';
    expect(blocksOf(markdown)).toEqual([
      { kind: 'sh background', text: 'npm start' },
      { kind: 'sh', text: 'curl a\ncurl b' },
      { kind: 'diff', text: '-a\n+b' },
    ]);
  });
});
