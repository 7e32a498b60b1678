import { Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, validRequest } from '../../http';
import { AdminController } from '../admin.controller';
import { IncidentList } from './incident.view';
import { IncidentReader } from './incident-reader';
import { IncidentsQuery } from './incidents.query';

@ApiTags('incidents')
@AdminController('incidents')
export class IncidentsController {
  constructor(private readonly reader: IncidentReader) {}

  @Get()
  @ApiOperation({
    summary: 'List the reasons for which sagas stand, with how many stand, those of the most sagas first',
  })
  @ApiOkResponse({ type: IncidentList })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: IncidentsQuery): Promise<IncidentList> {
    return this.reader.list(query, Date.now());
  }
}
