import { Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { ApiProblems, validRequest } from '../http';
import { OperatorLog } from '../operator-log';
import { AdminController } from './admin.controller';
import { csvOf, ndjsonOf } from './operator-action-export';
import { OperatorActionPage, VerificationView } from './operator-action.view';
import { OperatorActionReader } from './operator-action-reader';
import { ExportQuery, OperatorActionsQuery, VerificationQuery } from './operator-actions.query';
import { pageOf } from './page';

@ApiTags('operations')
@AdminController('operator-actions')
export class OperatorActionsController {
  constructor(
    private readonly reader: OperatorActionReader,
    private readonly log: OperatorLog,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List what operators did, the newest first' })
  @ApiOkResponse({ type: OperatorActionPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: OperatorActionsQuery): Promise<OperatorActionPage> {
    return pageOf(query, (after, limit) => this.reader.list(query, after, limit));
  }

  @Get('export')
  @ApiOperation({ summary: 'The whole operator log with its hashes, the oldest entry first' })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string' }, description: 'One entry a line' })
  @ApiProblems({ 400: 'The format or the position is not valid' })
  export(
    @Query(validRequest) { format, after }: ExportQuery,
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ): StreamableFile {
    response.header('Content-Disposition', `attachment; filename="operator-log.${format}"`);
    const entries = this.log.entries(after);
    const [lines, type] =
      format === 'csv' ? [csvOf(entries), 'text/csv; charset=utf-8'] : [ndjsonOf(entries), 'application/x-ndjson'];
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type });
  }

  @Get('verification')
  @ApiOperation({ summary: 'Compute every hash of the operator log anew, and say whether an entry was changed' })
  @ApiOkResponse({ type: VerificationView })
  @ApiProblems({ 400: 'position and hash are not valid, or one is missing' })
  async verify(@Query(validRequest) { position, hash }: VerificationQuery): Promise<VerificationView> {
    const noted = position === undefined || hash === undefined ? undefined : { position, hash };
    const { kind: status, ...found } = await this.log.verify(noted);
    return { status, ...found };
  }
}
