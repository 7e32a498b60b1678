import { Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin.controller';
import { DefinitionRegistry } from '../definition';
import { SagaDiagnoses } from './diagnosis/saga-diagnoses';
import { maskOf } from './mask-of';
import { pageOf } from './page';
import { summaryOf } from './present';
import { ApiProblems } from './problem.view';
import { RevisionTagInterceptor, TAG_HEADER } from './revision-tag';
import { SagaDetails } from './saga-details';
import { SagaListQuery } from './saga-list.query';
import { SagaReader } from './saga-reader';
import { SagaDetail, SagaPage } from './saga.view';
import { IdPipe, validRequest } from '../http';

@ApiTags('sagas')
@AdminController('sagas')
export class SagasController {
  constructor(
    private readonly reader: SagaReader,
    private readonly details: SagaDetails,
    private readonly diagnoses: SagaDiagnoses,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List sagas, the newest first' })
  @ApiOkResponse({ type: SagaPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: SagaListQuery): Promise<SagaPage> {
    return pageOf(query, async (after, limit) => {
      const read = await this.reader.list(query, after, limit);
      const found = read.map(({ state, revision }) => ({ state: maskOf(this.registry, state).state, revision }));
      const diagnoses = await this.diagnoses.summaries(found.map(({ state }) => state));
      return found.map(({ state, revision }) => ({
        ...summaryOf(state, revision),
        diagnosis: diagnoses.get(state.id),
      }));
    });
  }

  @Get(':id')
  @UseInterceptors(RevisionTagInterceptor)
  @ApiOperation({ summary: 'One saga with its steps, its whole history, and the actions available now' })
  @ApiOkResponse({ type: SagaDetail, headers: TAG_HEADER })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No saga has this id' })
  find(@Param('id', IdPipe) id: string): Promise<SagaDetail> {
    return this.details.find(id);
  }
}
