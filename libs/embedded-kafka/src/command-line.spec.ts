import { readCommandLine } from './command-line';
import { InvalidSettingError, toBrokerSettings } from './settings';

describe('the command line', () => {
  it('reads what the broker needs', () => {
    const args = ['--directory', 'd', '--port', '0', '--fsync', 'always', '--with-parent'];
    expect(readCommandLine(args)).toEqual({
      options: { directory: 'd', port: 0, fsync: 'always' },
      withParent: true,
    });
  });

  it.each([
    [['--port', '0'], '--directory is missing'],
    [['--directory', 'd'], '--port is missing'],
    [['--directory', 'd', '--port', '0', '--colour', 'red'], '--colour'],
  ])('names what is wrong with %j', (args, message) => {
    expect(() => readCommandLine(args)).toThrow(InvalidSettingError);
    expect(() => readCommandLine(args)).toThrow(message);
  });
});

describe('the settings', () => {
  it('has a default for every setting except the directory', () => {
    expect(toBrokerSettings({ directory: 'd' })).toMatchObject({ host: '127.0.0.1', fsync: 'interval', port: 0 });
  });

  it.each([
    [{ directory: '' }, 'directory'],
    [{ directory: 'd', port: Number.NaN }, 'port'],
    [{ directory: 'd', port: 70_000 }, 'port'],
    [{ directory: 'd', fsync: 'never' as 'always' }, 'fsync'],
    [{ directory: 'd', defaultPartitions: 0 }, 'defaultPartitions'],
  ])('refuse %j', (options, name) => {
    expect(() => toBrokerSettings(options)).toThrow(name);
  });
});
