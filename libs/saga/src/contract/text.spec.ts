import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { isAllowedText, jsonProblem, shorten } from './text';

const nested = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));
const problemOf = (json: string): string | undefined => jsonProblem(Buffer.from(json), 64);
/** Any JavaScript strings; more than half of them have NUL or halves of surrogate pairs. */
const anyText = array(oneof(string(), constantFrom('\0', '\ud83d', '\ude00', '😀', '\\', '"', '\\u0000')));

describe('the check of JSON text before it is parsed', () => {
  it.each([
    [32, undefined],
    [33, 'too-deep'],
    [2_500, 'too-deep'],
  ])('reports whether %i levels are deeper than 32: %s', (levels, problem) => {
    expect(jsonProblem(nested(levels), 32)).toBe(problem);
  });

  it('ignores brackets in strings, also after escapes', () => {
    expect(jsonProblem(Buffer.from(String.raw`["[[[", "\"[[", "\\", "ü["]`), 1)).toBeUndefined();
    expect(jsonProblem(Buffer.from(String.raw`["\\", ["a"]]`), 1)).toBe('too-deep');
  });

  it('counts levels that are open at once, not all brackets', () => {
    expect(jsonProblem(Buffer.from(`[${'{},'.repeat(1000)}{}]`), 2)).toBeUndefined();
  });

  it('counts the commas between values, but not those in strings', () => {
    expect(jsonProblem(Buffer.from(`["${','.repeat(99)}",1,2]`), 64, 2)).toBeUndefined();
    expect(jsonProblem(Buffer.from('[{"a":1,"b":2},3,4]'), 64, 2)).toBe('too-many');
  });

  it('accepts text that is truncated or not JSON', () => {
    expect(jsonProblem(Buffer.from('[[["'), 2)).toBe('too-deep');
    expect(jsonProblem(Buffer.from(']]]]'), 2)).toBeUndefined();
    for (const cut of ['"\\', '"\\u', '"\\u00', '"\\uzzzz"']) expect(problemOf(cut)).toBeUndefined();
  });

  it.each([
    String.raw`{"a":"\u0000"}`,
    String.raw`{"\u0000":1}`,
    String.raw`["\ud83d"]`,
    String.raw`["\uDE00\uD83D"]`,
    String.raw`["\ud83d\\ude00"]`,
    String.raw`["\\\u0000"]`,
  ])('rejects NUL and halves of surrogate pairs: %s', (json) => {
    expect(problemOf(json)).toBe('forbidden-text');
  });

  it.each([String.raw`["\\u0000"]`, String.raw`["\ud83d\ude00"]`, String.raw`["\u0001\u001b\uffff"]`, '["😀"]'])(
    'accepts other characters: %s',
    (json) => {
      expect(problemOf(json)).toBeUndefined();
    },
  );

  it('rejects exactly the documents that contain a forbidden string', () => {
    assert(
      property(anyText, (parts) => {
        const text = parts.join('');
        expect(problemOf(JSON.stringify({ [text]: [text] }))).toBe(isAllowedText(text) ? undefined : 'forbidden-text');
      }),
    );
  });

  it('shortens any text to allowed characters', () => {
    assert(
      property(anyText, nat(20), (parts, length) => {
        const short = shorten(parts.join(''), length);
        expect(isAllowedText(short)).toBe(true);
        expect(short.length).toBeLessThanOrEqual(length);
      }),
    );
  });
});
