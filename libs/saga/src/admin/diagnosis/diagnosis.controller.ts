import { Get, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Diagnosis, Expected } from '../../diagnosis';
import type { SagaState } from '../../engine';
import { ApiProblems, IdPipe } from '../../http';
import { AdminController } from '../admin.controller';
import type { Action } from '../available-actions';
import { tagOf } from '../revision-tag';
import { time } from '../time';
import { DiagnosisView, type ReadyActionView } from './diagnosis.view';
import { SagaDiagnoses, type DiagnosedSaga } from './saga-diagnoses';

@ApiTags('sagas')
@AdminController('sagas/:id/diagnosis')
export class DiagnosisController {
  constructor(private readonly diagnoses: SagaDiagnoses) {}

  @Get()
  @ApiOperation({ summary: 'Why the saga stands where it stands, and what happens next' })
  @ApiOkResponse({ type: DiagnosisView })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No saga has this id' })
  async find(@Param('id', IdPipe) id: string, @Req() { originalUrl }: Request): Promise<DiagnosisView> {
    const found = await this.diagnoses.find(id);
    const { state, diagnosis, unstoredAttributes, alike } = found;
    const view = diagnosis ? viewOf(diagnosis) : endOf(state);
    return {
      sagaId: state.id,
      status: state.status,
      ...view,
      because: [...view.because, ...(unstoredAttributes === undefined ? [] : [unstoredAttributes])],
      alike,
      actions: actionsOf(found, originalUrl.replace(/[^/]+\/diagnosis.*$/, state.id)),
    };
  }
}

type Found = Omit<DiagnosisView, 'sagaId' | 'status' | 'alike' | 'actions'>;

function actionsOf({ state, revision, available }: DiagnosedSaga, saga: string): ReadyActionView[] {
  const ready = (action: Action, step?: string): ReadyActionView => ({
    action,
    step,
    method: 'POST',
    path: `${saga}/${action}`,
    ifMatch: tagOf(revision),
    body: step === undefined ? {} : { step },
  });
  const steps = Object.keys(state.steps).flatMap((step) => available.ofStep(step).map((action) => ready(action, step)));
  return [...available.ofSaga().map((action) => ready(action)), ...steps];
}

function viewOf({ since, next, afterwards, ...rest }: Diagnosis): Found {
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

function endOf({ status, cause, startedAt, endedAt = startedAt }: SagaState): Found {
  const why = cause ? `: ${[cause.step, cause.reason, cause.detail].filter(Boolean).join(', ')}` : '';
  return { code: 'ended', summary: `It is ${status}${why}`, since: time(endedAt), because: [], effects: [] };
}
