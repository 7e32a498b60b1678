import { blocksOf } from './readme';

describe('the commands of a README', () => {
  it('are the blocks marked sh, in order', () => {
    const markdown = '```sh background\nnpm start\n```\n\n```console\n$ not run\n```\n\n```sh\ncurl a\ncurl b\n```\n';
    expect(blocksOf(markdown)).toEqual([
      { commands: 'npm start', background: true },
      { commands: 'curl a\ncurl b', background: false },
    ]);
  });

  it('do not include npm test', () => {
    expect(blocksOf('```sh\nnpm test\n```\n')).toEqual([]);
  });
});
