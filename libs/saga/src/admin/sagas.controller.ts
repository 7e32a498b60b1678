import { Controller, Get, NotFoundException, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DefinitionRegistry } from '../definition';
import { cursorAfter, sagaIdOf } from './cursor';
import { detailOf, summaryOf } from './present';
import { InvalidQueryException, validQuery } from './invalid-query';
import { SagaListQuery } from './saga-list.query';
import { SagaReader } from './saga-reader';
import { SagaDetail, SagaPage } from './saga.view';

const DEFAULT_LIMIT = 50;

const sagaId = new ParseUUIDPipe({
  exceptionFactory: () => new InvalidQueryException([{ field: 'id', problem: 'must be a UUID' }]),
});

@ApiTags('sagas')
@Controller('v1/sagas')
export class SagasController {
  constructor(
    private readonly reader: SagaReader,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List sagas, the newest first' })
  @ApiOkResponse({ type: SagaPage })
  async list(@Query(validQuery) query: SagaListQuery): Promise<SagaPage> {
    const { limit = DEFAULT_LIMIT, cursor } = query;
    const after = cursor === undefined ? undefined : sagaIdOf(cursor);
    const found = await this.reader.list(query, after, limit + 1);
    const items = found.slice(0, limit).map(({ state, revision }) => summaryOf(state, revision));
    const last = items.at(-1);
    return { items, ...(found.length > limit && last ? { nextCursor: cursorAfter(last.id) } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One saga with its steps and its whole history' })
  @ApiOkResponse({ type: SagaDetail })
  @ApiNotFoundResponse({ description: 'No saga has this id' })
  async find(@Param('id', sagaId) id: string): Promise<SagaDetail> {
    const found = await this.reader.find(id);
    if (found === undefined) throw new NotFoundException(`No saga has the id ${id}.`);
    return detailOf(found, this.registry.find(found.state.definition, found.state.version));
  }
}
