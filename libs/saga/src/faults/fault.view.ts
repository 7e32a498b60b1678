import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { POSSIBLE, USUAL_POINT, type FaultCatalog } from './catalog';
import { EFFECTS, FAULT_POINTS, type EffectType, type FaultPoint } from './fault-rule';
import { EffectRequest } from './fault.request';
import type { ArmedRule } from './rule-store';

/** An armed fault. */
export class FaultView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ format: 'date-time' }) armedAt!: string;
  @ApiPropertyOptional({ format: 'date-time' }) expiresAt?: string;
  @ApiProperty() service!: string;
  @ApiPropertyOptional() command?: string;
  @ApiPropertyOptional() direction?: string;
  @ApiPropertyOptional() subject?: string;
  @ApiPropertyOptional() attempt?: number;
  @ApiProperty({ enum: FAULT_POINTS }) point!: string;
  @ApiProperty({ type: EffectRequest }) effect!: object;
  @ApiPropertyOptional() probability?: number;
  @ApiPropertyOptional() seed?: string;
  @ApiPropertyOptional() skip?: number;
  @ApiPropertyOptional() count?: number;
  @ApiPropertyOptional() every?: boolean;
  @ApiProperty({ description: 'How many messages it struck' }) hits!: number;
  @ApiProperty({ description: 'Instances of the service that know it' }) reached!: number;
  @ApiProperty({ description: 'Instances of the service that do not know it yet' }) behind!: number;
}

export class FaultList {
  @ApiProperty({ type: [FaultView] }) items!: FaultView[];
}

/** A message that was struck. */
export class HitView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'The fault, or the saga that asked for it with its number' }) rule!: string;
  @ApiProperty() service!: string;
  @ApiProperty({ enum: FAULT_POINTS }) point!: string;
  @ApiProperty({ enum: EFFECTS }) effect!: string;
  @ApiProperty() command!: string;
  @ApiProperty({ format: 'uuid' }) messageId!: string;
  @ApiProperty({ format: 'uuid' }) sagaId!: string;
  @ApiPropertyOptional() subject?: string;
  @ApiPropertyOptional() attempt?: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

export class HitList {
  @ApiProperty({ type: [HitView] }) items!: HitView[];
}

export class CommandOfCatalog {
  @ApiProperty() name!: string;
  @ApiProperty() service!: string;
  @ApiProperty({ type: [String] }) directions!: readonly string[];
  @ApiProperty({ type: [String] }) refusals!: readonly string[];
}

const EFFECTS_THERE = { enum: EFFECTS, isArray: true } as const;

/** The effects that are possible at each point; a point at which none is possible is absent. */
export class PossibleEffectsView implements Partial<Record<FaultPoint, readonly EffectType[]>> {
  @ApiPropertyOptional(EFFECTS_THERE) received?: readonly EffectType[];
  @ApiPropertyOptional(EFFECTS_THERE) 'before-handler'?: readonly EffectType[];
  @ApiPropertyOptional(EFFECTS_THERE) 'before-commit'?: readonly EffectType[];
  @ApiPropertyOptional(EFFECTS_THERE) 'after-commit'?: readonly EffectType[];
  @ApiPropertyOptional(EFFECTS_THERE) 'before-publish'?: readonly EffectType[];
  @ApiPropertyOptional(EFFECTS_THERE) 'after-publish'?: readonly EffectType[];
}

/** What is possible by the role of the service. */
export class PossibleView {
  @ApiProperty({ description: 'In a service that handles the command' }) participant!: PossibleEffectsView;
  @ApiProperty({ description: 'In a service that starts the saga' }) starter!: PossibleEffectsView;
  @ApiProperty({ description: 'In the orchestrator' }) orchestrator!: PossibleEffectsView;
}

export class CatalogView {
  @ApiProperty({ type: [String] }) services!: readonly string[];
  @ApiProperty({ type: [CommandOfCatalog] }) commands!: readonly CommandOfCatalog[];
  @ApiProperty({ enum: FAULT_POINTS, isArray: true }) points!: readonly string[];
  @ApiProperty({ enum: EFFECTS, isArray: true }) effects!: readonly string[];
  @ApiProperty({ description: 'By role and point, the effects that are possible there' }) possible!: PossibleView;
  @ApiProperty({ type: Object, description: 'By effect, the point at which X-Saga-Fault arms it unless it says' })
  usualPoints!: typeof USUAL_POINT;
}

export function faultView(
  { rule, enabled, armedAt, hits }: ArmedRule,
  reach: { reached: number; behind: number },
): FaultView {
  const { expiresAt, ...rest } = rule;
  return {
    ...rest,
    enabled,
    armedAt: new Date(armedAt).toISOString(),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    hits,
    ...reach,
  };
}

export function catalogView({ services, commands }: FaultCatalog): CatalogView {
  return { services, commands, points: FAULT_POINTS, effects: EFFECTS, possible: POSSIBLE, usualPoints: USUAL_POINT };
}
