import { IsIn, IsInt, IsISO8601, IsOptional, IsString, IsUUID, Min } from 'class-validator';
import { defineEvent } from './event';

/** A hold: what it keeps back, and why. */
export class HoldChanged {
  @IsUUID() holdId!: string;
  /** The service whose commands are held; missing when a step of a definition is. */
  @IsOptional() @IsString() service?: string;
  /** The name of its one command that is held; missing when all are. */
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
 * What the orchestrator always makes known of its holds, two events for each, so that services can tell their customers; on
 * `saga.events`, keyed by the hold's id. With another name it is `<name>.events`: subscribe to `publishedBy('shop', holdPlaced)`.
 */
export const holdPlaced = defineEvent('saga.hold-placed', contract);
export const holdEnded = defineEvent('saga.hold-ended', contract);

export const holdEvents = [holdPlaced, holdEnded] as const;
