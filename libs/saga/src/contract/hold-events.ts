import { IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Min } from 'class-validator';
import { defineEvent } from './event';

/** A hold: which commands it keeps back, and why. */
export class HoldChanged {
  @IsUUID() holdId!: string;
  /** The service whose commands are held; missing when the hold is on a step of a definition. */
  @IsOptional() @IsString() service?: string;
  /** The only command that is held; missing when all commands of the service are. */
  @IsOptional() @IsString() command?: string;
  @IsOptional() @IsString() definition?: string;
  @IsOptional() @IsInt() @Min(0) version?: number;
  @IsOptional() @IsString() step?: string;
  @IsIn(['by-hand', 'silence', 'failures']) cause!: string;
  @IsString() reason!: string;
  /** When it was placed. */
  @IsISO8601() since!: string;
}

const contract = { payload: HoldChanged, subject: ({ holdId }: HoldChanged): string => holdId };

/*
 * The events of holds: placed and released. The orchestrator always publishes them, so that services can inform their
 * customers. They are on `saga.events`, keyed by the hold's id; another orchestrator's are on `<name>.events`:
 * subscribe to `publishedBy('shop', holdPlaced)`.
 */
/** Commands are held from now on. Always published, whatever `lifecycleEvents` says. */
export const holdPlaced = defineEvent('saga.hold-placed', contract);
/** A hold has ended; what it kept back is sent. Always published, whatever `lifecycleEvents` says. */
export const holdEnded = defineEvent('saga.hold-ended', contract);

/** Both events of holds, for the list of what is published. */
export const holdEvents = [holdPlaced, holdEnded] as const;
