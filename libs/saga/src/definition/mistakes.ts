/*
 * What the compiler says about mistakes in a definition. Each message names the step and the remedy. It is a type, and
 * the compiler shows it where it expected something else: as a SagaTypeError, or in the type of a mapper's scope.
 * `What` names the step in a message, such as `The step payment` or `This branch`.
 */
import type { CommandContract, RefusalsOf, SagaTypeError } from '../contract';
import type { ReversibleDefinition, SagaDefinition } from './definition';

/** Names that a mapper's scope uses for other values. */
type Reserved = 'input' | 'reply' | 'cause' | 'signal' | 'item' | 'index';

/** The name of a step, unless it is in use. */
export type NewName<Name extends string, Names extends string> = Name extends Reserved
  ? SagaTypeError<`Mappers receive another value as ${Name}: give the step another name`>
  : Name extends Names
    ? SagaTypeError<`The step ${Name} exists already: give one of the two another name`>
    : Name;

/** Branches whose names are not in use. */
export type NewNames<Branches, Names extends string> = {
  [Name in keyof Branches & (Names | Reserved)]: NewName<Name, Names>;
};

/** The command of a compensatable step, if the step has a compensation: without one, `K` is never. */
export type Compensated<C extends CommandContract, K extends CommandContract, What extends string> = [K] extends [never]
  ? SagaTypeError<`${What} has no compensation: add one, or make it the pivot`>
  : C;

/** The command of a retriable step or a compensation, if it cannot be refused. */
export type Irrefusable<C extends CommandContract, What extends string> = [RefusalsOf<C>] extends [never]
  ? C
  : SagaTypeError<`${What} must succeed in the end, but its command may be refused: use a command without refusals`>;

/** The definition of a child that runs before the pivot, if it can be compensated. */
export type Reversible<D extends SagaDefinition, What extends string> = D extends ReversibleDefinition
  ? D
  : SagaTypeError<`${What} cannot be compensated, since its saga has a pivot or retriable steps: run it after the pivot`>;

/** What a mapper reads, if it tries to read something else. */
export type Reads<What extends string> = `${What} reads only the input and the replies of earlier steps`;

/** What a compensation's mapper reads besides, if it tries to read something else. */
export type CompensationReads<What extends string> =
  `The compensation of ${Uncapitalize<What>} reads its reply as reply, which is undefined if it never arrived`;
