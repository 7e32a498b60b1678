import { consoleLine } from './console-line';

describe('the console output of a service’s log', () => {
  it('leaves out entries of level info', () => {
    expect(consoleLine('order', '{"level":30,"msg":"listening"}')).toBeUndefined();
  });

  it('shortens an error to its message and its cause', () => {
    const line = '{"level":50,"time":1,"msg":"batch failed","err":{"message":"connection lost","stack":"…"}}';
    expect(consoleLine('order', line)).toBe('order        error  batch failed: connection lost');
  });

  it('shows a message once when it equals its cause', () => {
    expect(consoleLine('order', '{"level":40,"msg":"slow","err":{"message":"slow"}}')).toBe('order        warn  slow');
  });

  it('shows output that is not a log entry, such as a crash', () => {
    expect(consoleLine('payment', 'TypeError: x is not a function')).toBe(
      'payment      TypeError: x is not a function',
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
