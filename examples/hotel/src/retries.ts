import { constant, exponential, type RetryOptions } from '@palinode/saga/definition';

/** For what is done by people, such as a taxi company's dispatcher. */
export const longRetries: RetryOptions = { attempts: 10, backoff: exponential('1s', { cap: '1m' }) };
export const steadyRetries: RetryOptions = { backoff: constant('2s'), attentionAfter: 100 };
