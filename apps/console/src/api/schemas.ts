import type { components } from './generated/orchestrator-api';
import type { components as OrderComponents } from './generated/order-api';

/** The schemas of the admin API: `Admin['SagaDetail']`. */
export type Admin = components['schemas'];
/** The schemas of the order service's API. */
export type Shop = OrderComponents['schemas'];
