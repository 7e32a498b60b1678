export { breaksBetween, type Break } from './compatibility';
export { asyncApiOf, type Documented } from './document';
export type { Use } from './uses';
