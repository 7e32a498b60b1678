import { Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin.controller';
import { OperatorActionPage } from './operator-action.view';
import { OperatorActionReader } from './operator-action-reader';
import { OperatorActionsQuery } from './operator-actions.query';
import { pageOf } from './page';
import { ApiProblems } from './problem.view';
import { validRequest } from '../http';

@ApiTags('operations')
@AdminController('operator-actions')
export class OperatorActionsController {
  constructor(private readonly reader: OperatorActionReader) {}

  @Get()
  @ApiOperation({ summary: 'List the operator actions on sagas and holds, the newest first' })
  @ApiOkResponse({ type: OperatorActionPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: OperatorActionsQuery): Promise<OperatorActionPage> {
    return pageOf(query, (after, limit) => this.reader.list(query, after, limit));
  }
}
