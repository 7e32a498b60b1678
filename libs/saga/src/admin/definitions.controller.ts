import { Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin.controller';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Min } from 'class-validator';
import { DefinitionRegistry, type SagaDefinition } from '../definition';
import { DefinitionDetail, DefinitionList } from './definition.view';
import { definitionDetailOf, definitionSummaryOf } from './present-definition';
import { ApiProblems, validRequest } from '../http';

/** The version of a definition. */
export class DefinitionQuery {
  @ApiPropertyOptional({ minimum: 1, description: 'The newest by default' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version?: number;
}

@ApiTags('definitions')
@AdminController('definitions')
export class DefinitionsController {
  constructor(private readonly registry: DefinitionRegistry) {}

  @Get()
  @ApiOperation({ summary: 'The definitions this orchestrator runs, in all registered versions' })
  @ApiOkResponse({ type: DefinitionList })
  list(): DefinitionList {
    return { items: this.registry.all().map(definitionSummaryOf) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A definition in full, with a flowchart' })
  @ApiOkResponse({ type: DefinitionDetail })
  @ApiProblems({ 400: 'The version is not valid', 404: 'No definition has this name and version' })
  find(@Param('name') name: string, @Query(validRequest) { version }: DefinitionQuery): DefinitionDetail {
    const registered = this.registry.all().filter((each) => each.name === name);
    if (registered.length === 0) throw this.noSuchDefinition(name);
    const versions = registered.map((each) => each.version).toSorted((a, b) => a - b);
    const definition = this.registry.find(name, version ?? versions.at(-1) ?? 0);
    if (definition === undefined) throw noSuchVersion(name, version, versions);
    return definitionDetailOf(definition, versions);
  }

  private noSuchDefinition(name: string): NotFoundException {
    const known = new Set(this.registry.all().map((each: SagaDefinition) => each.name));
    return new NotFoundException(`No definition is called ${name}; there are ${[...known].join(', ')}.`);
  }
}

function noSuchVersion(name: string, version: number | undefined, versions: readonly number[]): NotFoundException {
  return new NotFoundException(`No v${version} of ${name} is registered; there are v${versions.join(', v')}.`);
}
