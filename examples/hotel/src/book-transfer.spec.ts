import { sagaTest } from '@palinode/saga/testing';
import { bookTransferSaga } from './book-transfer.js';
import { cancelTaxi, orderTaxi } from './group-contracts.js';

it('cancels both taxis when nobody knows whether one of them comes', () => {
  const saga = sagaTest(bookTransferSaga).start({ bookingId: '019b76da-a800-7000-8000-000000000001' });
  saga.reply(orderTaxi).silence(orderTaxi).expectStatus('COMPENSATING');
  saga.reply(cancelTaxi).reply(cancelTaxi).expectStatus('COMPENSATED');
});
