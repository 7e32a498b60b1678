import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, IsUUID, Min, ValidateNested } from 'class-validator';
import { defineEvent } from './event';

/** Why a saga is compensated or paused. */
export class SagaReason {
  /** Why a saga is compensated: `refusal`, `failure`, `no-answer`, `deadline`, `cancelled`, `parent`. */
  @IsOptional() @IsString() kind?: string;
  @IsString() reason!: string;
  @IsOptional() @IsString() detail?: string;
  @IsOptional() @IsString() step?: string;
}

/** The payload of all lifecycle events: which saga, and why. */
export class SagaChanged {
  @IsUUID() sagaId!: string;
  @IsString() definition!: string;
  @IsInt() @Min(0) version!: number;
  /** The business key, such as an order id. */
  @IsOptional() @IsString() businessKey?: string;
  @IsOptional() @ValidateNested() @Type(() => SagaReason) cause?: SagaReason;
  /** Why the saga is PAUSED. */
  @IsOptional() @ValidateNested() @Type(() => SagaReason) pause?: SagaReason;
  /** The steps that wait for a hold to end, because their participant is away. */
  @IsOptional() @IsArray() @IsString({ each: true }) held?: string[];
}

const contract = { payload: SagaChanged, subject: ({ sagaId }: SagaChanged): string => sagaId };

/*
 * The lifecycle events of sagas, published when the option is on; on `saga.events`, keyed by the saga's id. Another
 * orchestrator's are on `<name>.events`: subscribe to `publishedBy('shop', sagaPaused)`.
 */
/** A saga has begun. */
export const sagaStarted = defineEvent('saga.started', contract);
/** A saga has begun to compensate; `cause` says why. */
export const sagaCompensating = defineEvent('saga.compensating', contract);
/** A saga is PAUSED until an operator acts or a late reply arrives; `pause` says why. */
export const sagaPaused = defineEvent('saga.paused', contract);
/** A paused saga goes on. */
export const sagaResumed = defineEvent('saga.resumed', contract);
/** The first of its steps begins to wait for a hold to end. */
export const sagaHeld = defineEvent('saga.held', contract);
/** None of its steps waits for a hold any longer. */
export const sagaReleased = defineEvent('saga.released', contract);
/** A saga is COMPLETED. Only its parent can still compensate it. */
export const sagaCompleted = defineEvent('saga.completed', contract);
/** A saga is COMPENSATED, which is final. */
export const sagaCompensated = defineEvent('saga.compensated', contract);

/** All lifecycle events, for the list of what is published. */
export const lifecycleEvents = [
  sagaStarted,
  sagaCompensating,
  sagaPaused,
  sagaResumed,
  sagaHeld,
  sagaReleased,
  sagaCompleted,
  sagaCompensated,
] as const;
