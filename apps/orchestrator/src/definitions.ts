import type { SagaDefinition } from '@palinode/saga/orchestrator';
import { cancelOrderSaga } from './cancel-order';
import { placeOrderSaga } from './place-order';
import { reviseOrderSaga } from './revise-order';
import { reviseOrderSaga1 } from './revise-order-1';

/** Every saga of the shop, each in all versions that still have live sagas. */
export const definitions: readonly SagaDefinition[] = [
  placeOrderSaga,
  cancelOrderSaga,
  reviseOrderSaga1,
  reviseOrderSaga,
];
