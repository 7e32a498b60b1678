import type { SagaDefinition } from '@palinode/saga/orchestrator';
import { placeOrderSaga } from './place-order';

/** Every saga of the shop, each in all versions that still have live sagas. */
export const definitions: readonly SagaDefinition[] = [placeOrderSaga];
