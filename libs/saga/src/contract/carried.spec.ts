import { aStart } from '../../test/messages';
import { carriedBy } from './carried';
import { asEnvelope } from './envelope';

describe('what a message carries along', () => {
  it('is nothing, not even an object, when the message has none of the attributes', () => {
    expect(carriedBy(aStart('place-order', {}, { subject: 'o-1' }))).toBeUndefined();
    expect(carriedBy({ traceparent: undefined })).toBeUndefined();
  });

  it('is the attributes that the message has, and no other', () => {
    const start = aStart('place-order', {}, { traceparent: '00-1-2-01', sagafault: 'a.b=fail' });
    expect(carriedBy(start)).toEqual({ traceparent: '00-1-2-01', sagafault: 'a.b=fail' });
    expect(carriedBy({ traceparent: '00-1-2-01' })).toEqual({ traceparent: '00-1-2-01' });
  });

  it.each(['traceparent', 'sagafault'])('makes the message unreadable when its %s is no short text', (name) => {
    expect(() => asEnvelope({ ...aStart('place-order', {}), [name]: 7 })).toThrow(`The attribute ${name} must be`);
    expect(() => asEnvelope({ ...aStart('place-order', {}), [name]: 'x'.repeat(513) })).toThrow(name);
  });
});
