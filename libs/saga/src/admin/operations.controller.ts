import { applyDecorators, Body, HttpCode, Param, Post, UseInterceptors, type Type } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from './admin-controller';
import { DefinitionRegistry } from '../definition';
import type { OperatorEvent } from '../engine';
import { Interventions } from '../runner';
import type { Action } from './available-actions';
import { notTaken } from './not-taken';
import { ByOperator, OPERATOR_HEADER, OperatorRequest, ResolveRequest, SkipRequest, type Operator } from './operator';
import { ApiProblems } from './problem.view';
import { RevisionTagInterceptor, TAG_HEADER } from './revision-tag';
import { SagaDetails } from './saga-details';
import { SagaDetail } from './saga.view';
import { IdPipe, validRequest } from '../http';

const PROBLEMS = {
  400: 'The id, the body, X-Operator or If-Match is not valid',
  404: 'No saga has this id',
  409: 'The saga cannot do this now; `type` names why, `detail` the remedy',
  412: 'The saga has moved on since the revision of If-Match',
  428: 'If-Match is missing',
} as const;

/** A route by which an operator acts on one saga. */
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
      description: 'The ETag of the saga as you saw it, or * to act whatever it is now',
      schema: { type: 'string', example: '"3"' },
    }),
    ApiOkResponse({ type: SagaDetail, description: 'The saga after it', headers: TAG_HEADER }),
    ApiProblems(body === OperatorRequest ? PROBLEMS : { ...PROBLEMS, 422: 'The saga has no such step' }),
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

  @OperatorAction('pause', 'Have the saga stand still: it takes answers, but begins nothing')
  pause(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'pause', by: operator.by, reason });
  }

  @OperatorAction('resume', 'Let a paused saga go on; what is unanswered is sent again')
  resume(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'resume', by: operator.by, reason });
  }

  @OperatorAction('retry', 'Send what is unanswered again, and attempt what waits for its next attempt, now')
  retry(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'retry', by: operator.by, reason });
  }

  @OperatorAction('cancel', 'Have the saga taken back, as long as its pivot has not begun')
  cancel(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'cancel', by: operator.by, reason });
  }

  @OperatorAction('resolve', 'Say what became of a command whose answer is not known', ResolveRequest)
  resolve(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { step, outcome, reply, reason }: ResolveRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'resolve', step, outcome, reply, by: operator.by, reason });
  }

  @OperatorAction('skip', 'Leave the effect of a step where it is, instead of its compensation', SkipRequest)
  skip(
    @Param('id', IdPipe) id: string,
    @ByOperator() operator: Operator,
    @Body(validRequest) { step, reason }: SkipRequest,
  ): Promise<SagaDetail> {
    return this.operate(id, operator, { kind: 'skip', step, by: operator.by, reason });
  }

  private async operate(id: string, { revisions }: Operator, event: OperatorEvent): Promise<SagaDetail> {
    const intervention = { sagaId: id, event, revisions };
    const outcome = await this.interventions.take(intervention);
    if (outcome.kind !== 'taken') throw notTaken(outcome, intervention, this.registry);
    return this.details.find(id);
  }
}
