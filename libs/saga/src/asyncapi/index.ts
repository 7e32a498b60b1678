export { breaksBetween, type Break, type Document } from './compatibility';
export { asyncApiOf, type Documented } from './document';
export type { Use } from './uses';
