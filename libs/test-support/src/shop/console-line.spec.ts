import { consoleLine, stamped } from './console-line';
import { serviceNames } from './services';

describe('the console output of a service’s log', () => {
  it('leaves out entries of level info', () => {
    expect(consoleLine('order', '{"level":30,"msg":"listening"}')).toBeUndefined();
  });

  it('shortens an error to its message and its cause', () => {
    const line = '{"level":50,"time":1,"msg":"batch failed","err":{"message":"connection lost","stack":"…"}}';
    expect(consoleLine('order', line)).toBe('order         error batch failed: connection lost');
  });

  it.each(['slow', 'command-failed: Error: slow'])('shows a cause once when the message %j contains it', (msg) => {
    const line = JSON.stringify({ level: 40, msg, err: { message: 'slow' } });
    expect(consoleLine('order', line)).toBe(`order         warn  ${msg}`);
  });

  it('separates the name of every service from the level, in one column', () => {
    const shown = serviceNames.map((name) => consoleLine(name, '{"level":40,"msg":"slow"}') ?? '');
    for (const [index, name] of serviceNames.entries())
      expect(shown[index]).toMatch(new RegExp(`^${name} +warn  slow$`));
    expect(new Set(shown.map((line) => line.indexOf('warn'))).size).toBe(1);
  });

  it('begins with the time of day', () => {
    expect(stamped('order ends', new Date(2026, 10, 30, 4, 5, 6))).toBe('04:05:06 order ends');
  });

  it('shows output that is not a log entry, such as a crash', () => {
    expect(consoleLine('payment', 'TypeError: x is not a function')).toBe(
      'payment       TypeError: x is not a function',
    );
    expect(consoleLine('payment', '')).toBeUndefined();
  });

  it.each(['\n', '\r', '\u001b[2J', '\u009b31m', '\u2028', '\u202e', '\0'])(
    'prints one line without control characters for any entry or crash: %j',
    (control) => {
      const line = `unknown type${control}order  error  forged`;
      for (const shown of [consoleLine('order', JSON.stringify({ level: 40, msg: line })), consoleLine('order', line)])
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
    },
  );
});
