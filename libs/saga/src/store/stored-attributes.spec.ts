import { SEPARATOR, shownAttributes, storedAttributes } from './stored-attributes';

const key = Buffer.alloc(32, 1);
const token = (value: string, withKey = key): string | undefined =>
  storedAttributes([{ name: 'token', values: [value], sensitive: true }], withKey)[0]?.value;

describe('a stored search attribute', () => {
  it('has its value, and is shown with it', () => {
    const stored = storedAttributes([{ name: 'sku', values: ['cup', 'a=b~c'], sensitive: false }], undefined);
    expect(stored).toEqual([
      { name: 'sku', value: '=cup' },
      { name: 'sku', value: '=a=b~c' },
    ]);
    const text = stored.map(({ name, value }) => `${name}${value}`).join(SEPARATOR);
    expect(shownAttributes(text)).toEqual([{ name: 'sku', values: ['cup', 'a=b~c'], sensitive: false }]);
  });

  it('has a hash of a sensitive value, which depends on the key and the name', () => {
    expect(token('tok_4242')).toBe(token('tok_4242'));
    expect(token('tok_4242')).toMatch(/^~4242~[\w-]{22}$/);
    expect(token('tok_4242')).not.toBe(token('tok_4242', Buffer.alloc(32, 2)));
    const [other] = storedAttributes([{ name: 'card', values: ['tok_4242'], sensitive: true }], key);
    expect(other?.value).not.toBe(token('tok_4242'));
  });

  it('shows the last four characters of a sensitive value, and none of a short one', () => {
    const shown = (value: string) => shownAttributes(`token${token(value)}`);
    expect(shown('tok_4242')).toEqual([{ name: 'token', values: ['…4242'], sensitive: true }]);
    expect(shown('tok_424')).toEqual([{ name: 'token', values: ['…'], sensitive: true }]);
    expect(shown('tok~4~2~')).toEqual([{ name: 'token', values: ['…4~2~'], sensitive: true }]);
  });

  it('needs the key when it is sensitive', () => {
    expect(() => storedAttributes([{ name: 'token', values: ['x'], sensitive: true }], undefined)).toThrow(
      'The sensitive attribute token needs the search key.',
    );
  });
});
