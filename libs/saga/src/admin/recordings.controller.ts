import { Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DefinitionRegistry } from '../definition';
import { recordingOf } from '../engine';
import { ApiProblems, IdPipe } from '../http';
import { AdminController } from './admin.controller';
import { conflict, noSuchSaga } from './not-taken';
import { RecordingView } from './recording.view';
import { SagaReader } from './saga-reader';

/** Makes test cases of real sagas: `replay` of the test kit applies a recording to another version of the definition. */
@ApiTags('sagas')
@AdminController('sagas/:id/recording')
export class RecordingsController {
  constructor(
    private readonly reader: SagaReader,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'The history of one saga as a file for `replay` of the test kit; sensitive fields and free texts are masked',
  })
  @ApiOkResponse({
    type: RecordingView,
    headers: { 'Content-Disposition': { schema: { type: 'string' }, description: 'A name for the file' } },
  })
  @ApiProblems({
    400: 'The id is not valid',
    404: 'No saga has this id',
    409: 'This instance does not have the definition of the saga, so it does not know which fields are sensitive',
  })
  async find(@Param('id', IdPipe) id: string, @Res({ passthrough: true }) response: Response): Promise<RecordingView> {
    const found = await this.reader.find(id);
    if (found === undefined) throw noSuchSaga(id, await this.reader.withSubject(id));
    const { state, history } = found;
    const definition = this.registry.find(state.definition, state.version);
    if (definition === undefined) {
      throw conflict(
        'definition-missing',
        `This instance does not have the definition ${state.definition} of this saga, so it does not know which fields are sensitive. Ask an instance that has it.`,
      );
    }
    response.attachment(`${state.definition}-${id}.json`);
    return recordingOf(definition, state, history);
  }
}
