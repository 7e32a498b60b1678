import { Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin.controller';
import { noSuchSaga } from './not-taken';
import { DEFAULT_LIMIT } from './page';
import { SagaSummaries } from './saga-summaries';
import { RevisionTagInterceptor, TAG_HEADER } from './revision-tag';
import { SagaDetails } from './saga-details';
import { filtersOf, SagaFilters } from './saga-filters';
import { SagaListQuery } from './saga-list.query';
import { SagaReader } from './saga-reader';
import { SagaDetail, SagaPage } from './saga.view';
import { canonicalId, isUuid } from '../contract';
import { ApiProblems, invalidRequest } from '../http';

@ApiTags('sagas')
@AdminController('sagas')
export class SagasController {
  constructor(
    private readonly reader: SagaReader,
    private readonly details: SagaDetails,
    private readonly filters: SagaFilters,
    private readonly summaries: SagaSummaries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the sagas that fit all filters, the newest first' })
  @ApiOkResponse({ type: SagaPage })
  @ApiProblems({
    400: 'A filter does not exist, or its value is not valid; `errors` names those that do',
    422: 'No such definition, version, step, service or search attribute, or filters that do not fit together; `errors` names those that do',
  })
  async list(@Query(filtersOf(SagaListQuery)) query: SagaListQuery): Promise<SagaPage> {
    await this.filters.check(query);
    const { sort, cursor, limit = DEFAULT_LIMIT } = query;
    const { items, next, total } = await this.reader.list(query, { sort, cursor, limit });
    return { items: await this.summaries.of(items), total, nextCursor: next };
  }

  @Get(':id')
  @UseInterceptors(RevisionTagInterceptor)
  @ApiOperation({ summary: 'One saga with its steps, its whole history, and the actions available now' })
  @ApiOkResponse({ type: SagaDetail, headers: TAG_HEADER })
  @ApiProblems({
    400: 'The id is not valid',
    404: 'No saga has this id; where it is the business key of sagas, `sagas` names them',
  })
  async find(@Param('id') text: string): Promise<SagaDetail> {
    const id = canonicalId(text);
    if (isUuid(id)) return this.details.find(id);
    const named = await this.reader.withSubject(text);
    throw named.length > 0 ? noSuchSaga(text, named) : invalidRequest([{ field: 'id', problem: 'must be a UUID' }]);
  }
}
