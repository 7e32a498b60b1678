import { applyDecorators, Body, HttpCode, Param, Post, UseInterceptors, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { originOf } from '../operator-log';
import { AdminController } from './admin.controller';
import { DefinitionRegistry } from '../definition';
import type { OperatorEvent } from '../engine';
import { Interventions } from '../runner';
import type { Action } from './available-actions';
import { notTaken } from './not-taken';
import { ByOperator, OperatorRequest, ResolveRequest, ResumeRequest, SkipRequest, type Operator } from './operator';
import { RevisionTagInterceptor, TAG_HEADER } from './revision-tag';
import { SagaDetails } from './saga-details';
import { actionPreviewOf } from './present';
import { ActionPreviewView, SagaDetail } from './saga.view';
import { ApiProblems, IdPipe, OPERATOR_HEADER, TakesParameter, validRequest } from '../http';

const PROBLEMS = {
  400: 'The id, the body, X-Operator or If-Match is not valid',
  404: 'No saga has this id',
  409: 'The saga cannot do this now; `type` is the reason, `detail` the remedy',
  412: 'The saga has changed since the revision in If-Match',
  428: 'If-Match is missing',
} as const;

const NAMES_A_STEP: ReadonlySet<Type> = new Set([ResolveRequest, SkipRequest]);

/** Declares a route by which an operator acts on one saga. */
function OperatorAction(action: Action, summary: string, body: Type = OperatorRequest): MethodDecorator {
  return applyDecorators(
    Post(action),
    HttpCode(200),
    UseInterceptors(RevisionTagInterceptor),
    ApiOperation({ summary }),
    ApiBody({ type: body }),
    ApiHeader(OPERATOR_HEADER),
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The ETag of the saga as you read it, or * for any revision',
      schema: { type: 'string', example: '"3"' },
    }),
    TakesParameter('dryRun', {
      required: false,
      schema: { type: 'boolean', default: false },
      description: 'Only find out what the action would do',
    }),
    ApiExtraModels(SagaDetail, ActionPreviewView),
    ApiOkResponse({
      schema: { oneOf: [{ $ref: getSchemaPath(SagaDetail) }, { $ref: getSchemaPath(ActionPreviewView) }] },
      description: 'The saga after the action; with dryRun, what the action would do',
      headers: TAG_HEADER,
    }),
    ApiProblems(NAMES_A_STEP.has(body) ? { ...PROBLEMS, 422: 'The saga has no such step' } : PROBLEMS),
  );
}

@ApiTags('operations')
@AdminController('sagas/:id')
export class OperationsController {
  constructor(
    private readonly interventions: Interventions,
    private readonly details: SagaDetails,
    private readonly registry: DefinitionRegistry,
  ) {}

  @OperatorAction('pause', 'Pause the saga: it accepts answers, but begins no step')
  pause(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    return this.operate(id, operator, { kind: 'pause', by: operator.by, reason });
  }

  @OperatorAction('resume', 'Resume a paused saga; unanswered commands are sent again', ResumeRequest)
  resume(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason, attempts }: ResumeRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    const limit = attempts === undefined ? {} : { attempts };
    return this.operate(id, operator, { kind: 'resume', by: operator.by, reason, ...limit });
  }

  @OperatorAction('retry', 'Send unanswered commands again, and start waiting attempts, now')
  retry(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    return this.operate(id, operator, { kind: 'retry', by: operator.by, reason });
  }

  @OperatorAction('cancel', 'Compensate the saga, as long as its pivot has not begun')
  cancel(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    return this.operate(id, operator, { kind: 'cancel', by: operator.by, reason });
  }

  @OperatorAction('resolve', 'Record the outcome of a command whose reply is not known', ResolveRequest)
  resolve(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { step, outcome, reply, reason }: ResolveRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    return this.operate(id, operator, { kind: 'resolve', step, outcome, reply, by: operator.by, reason });
  }

  @OperatorAction('skip', 'Skip the compensation of a step: its effect stays', SkipRequest)
  skip(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { step, reason }: SkipRequest,
  ): Promise<SagaDetail | ActionPreviewView> {
    return this.operate(id, operator, { kind: 'skip', step, by: operator.by, reason });
  }

  private async operate(
    id: string,
    { revisions, dryRun, ...actor }: Operator,
    event: OperatorEvent,
  ): Promise<SagaDetail | ActionPreviewView> {
    const intervention = { sagaId: id, event, revisions, ...originOf(actor) };
    if (dryRun) {
      const preview = await this.interventions.preview(intervention);
      if (preview.kind !== 'effective') throw notTaken(preview, intervention, this.registry);
      return actionPreviewOf(preview);
    }
    const outcome = await this.interventions.take(intervention);
    if (outcome.kind !== 'taken') throw notTaken(outcome, intervention, this.registry);
    return this.details.find(id);
  }
}
