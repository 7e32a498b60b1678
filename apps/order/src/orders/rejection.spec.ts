import { authorizePayment, capturePayment, reserveStock } from '@palinode/contracts';
import { rejectionFor } from './rejection';

describe('the explanation of a rejected order', () => {
  it.each([...reserveStock.refusals, ...authorizePayment.refusals, ...capturePayment.refusals, 'cancelled'])(
    'has a sentence for %s',
    (reason) => {
      expect(rejectionFor(reason)).toEqual({ reason, message: expect.stringMatching(/^[A-Z].*\.$/) });
    },
  );

  it.each(['failure', 'no-answer', 'deadline', 'TypeError: x is not a function', 'constructor'])(
    'hides the technical reason %s',
    (reason) => {
      expect(rejectionFor(reason)).toMatchObject({ reason: 'not-available' });
    },
  );
});
