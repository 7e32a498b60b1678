/** The shapes of the sagas, as macros of the models. */
export type Shape = Readonly<Record<string, string>>;

const C = 'COMPENSATABLE';
const P = 'PIVOT';
const R = 'RETRIABLE';

const one = (first: string, second: string, parallel = false): Shape => ({
  A0: first,
  A1: second,
  A_PARALLEL: String(parallel),
});
const beside = (a: Shape, first: string, second: string): Shape => ({ ...a, B0: first, B1: second });

/** Two sagas, for saga.pml; both need the same unit in their first steps. */
export const pairs = {
  compensatable: beside(one(C, C), C, P),
  parallel: beside(one(C, C, true), C, P),
  retriable: beside(one(C, R), P, R),
  irrevocable: beside(one(P, R), P, R),
};

/** One saga: for live.pml, and for saga.pml in worlds that are too large with two sagas. */
export const singles = {
  compensatable: one(C, P),
  retriable: one(P, R),
  steps: one(C, C),
  retriables: one(R, R, true),
};
