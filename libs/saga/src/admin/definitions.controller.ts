import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DefinitionRegistry } from '../definition';
import { definitionView } from './present';
import { DefinitionList } from './saga.view';

@ApiTags('definitions')
@Controller('v1/definitions')
export class DefinitionsController {
  constructor(private readonly registry: DefinitionRegistry) {}

  @Get()
  @ApiOperation({ summary: 'The definitions this orchestrator runs, in all registered versions' })
  @ApiOkResponse({ type: DefinitionList })
  list(): DefinitionList {
    return { items: this.registry.all().map(definitionView) };
  }
}
