import { placeOrder } from '../../../test/sample-saga';
import { unstoredAttributes } from './unstored-attributes';

const steps = { payment: { status: 'INVOKED' } } as never;
const begun = { steps, input: { orderId: 'o-1' } };
const having = (attributes: () => object) => ({ ...placeOrder, attributes }) as never;

describe('the search attributes of a saga', () => {
  it('are said not to find it when the definition gives none that can be stored', () => {
    const tooLong = having(() => ({ customer: 'a'.repeat(201) }));
    expect(unstoredAttributes(tooLong, begun, [])).toMatch(/^Its search attributes cannot be stored.*customer/);
  });

  it('are said not to find it when they were not stored, and the definition has been corrected since', () => {
    const corrected = having(() => ({ customer: 'ada' }));
    expect(unstoredAttributes(corrected, begun, [])).toMatch(/were not stored when it began/);
  });

  it('are no matter when they are stored, when there are none, or when the saga has not begun', () => {
    const corrected = having(() => ({ customer: 'ada' }));
    const stored = [{ name: 'customer', values: ['ada'], sensitive: false }];
    expect(unstoredAttributes(corrected, begun, stored)).toBeUndefined();
    expect(
      unstoredAttributes(
        having(() => ({})),
        begun,
        [],
      ),
    ).toBeUndefined();
    expect(unstoredAttributes(placeOrder, begun, [])).toBeUndefined();
    expect(unstoredAttributes(corrected, { ...begun, steps: {} }, [])).toBeUndefined();
    expect(unstoredAttributes(undefined, begun, [])).toBeUndefined();
  });
});
