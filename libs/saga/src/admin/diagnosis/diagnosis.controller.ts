import { Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Diagnosis, Expected } from '../../diagnosis';
import type { SagaState } from '../../engine';
import { IdPipe } from '../../http';
import { AdminController } from '../admin.controller';
import { ApiProblems } from '../problem.view';
import { time } from '../time';
import { DiagnosisView } from './diagnosis.view';
import { SagaDiagnoses } from './saga-diagnoses';

@ApiTags('sagas')
@AdminController('sagas/:id/diagnosis')
export class DiagnosisController {
  constructor(private readonly diagnoses: SagaDiagnoses) {}

  @Get()
  @ApiOperation({ summary: 'Why the saga stands where it stands, and what happens next' })
  @ApiOkResponse({ type: DiagnosisView })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No saga has this id' })
  async find(@Param('id', IdPipe) id: string): Promise<DiagnosisView> {
    const { state, diagnosis } = await this.diagnoses.find(id);
    return { sagaId: state.id, status: state.status, ...(diagnosis ? viewOf(diagnosis) : endOf(state)) };
  }
}

function viewOf({ since, next, afterwards, ...rest }: Diagnosis): Omit<DiagnosisView, 'sagaId' | 'status'> {
  return {
    ...rest,
    since: time(since),
    next: next && expectedView(next),
    afterwards: afterwards && expectedView(afterwards),
  };
}

function expectedView({ what, at }: Expected): { what: string; at: string } {
  return { what, at: time(at) };
}

function endOf({ status, cause, startedAt, endedAt = startedAt }: SagaState): Omit<DiagnosisView, 'sagaId' | 'status'> {
  const why = cause ? `: ${[cause.step, cause.reason, cause.detail].filter(Boolean).join(', ')}` : '';
  return { code: 'ended', summary: `It is ${status}${why}`, since: time(endedAt), because: [], effects: [] };
}
