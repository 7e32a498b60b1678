import { Get, NotFoundException, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, validRequest } from '../../http';
import { AdminController } from '../admin.controller';
import { OverviewReader } from './overview-reader';
import { OverviewView } from './overview.view';
import { StatisticsQuery } from './statistics.query';
import { StatisticsReader } from './statistics-reader';
import { StatisticsView } from './statistics.view';

@ApiTags('overview')
@AdminController('overview')
export class OverviewController {
  constructor(private readonly reader: OverviewReader) {}

  @Get()
  @ApiOperation({ summary: 'How sagas, services, broker and database are, and what needs a person' })
  @ApiOkResponse({ type: OverviewView })
  find(): Promise<OverviewView> {
    return this.reader.read();
  }
}

@ApiTags('overview')
@AdminController('statistics')
export class StatisticsController {
  constructor(private readonly reader: StatisticsReader) {}

  @Get()
  @ApiOperation({ summary: 'What became of sagas over time, how long they and their steps took, and what failed' })
  @ApiOkResponse({ type: StatisticsView })
  @ApiProblems({ 400: 'The definition or the window is not valid', 404: 'No saga has such a definition' })
  async find(@Query(validRequest) query: StatisticsQuery): Promise<StatisticsView> {
    const found = await this.reader.read(query);
    if (found) return found;
    throw new NotFoundException(`No definition is called ${query.definition}; GET /v1/definitions lists them.`);
  }
}
