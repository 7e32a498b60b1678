import { Body } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminController } from '../admin.controller';
import { DeadLetterStore, Redriver, type RedriveOutcome } from '../../dead-letters';
import { OperatorName } from '../operator';
import { ApiProblems } from '../problem.view';
import { readPage, validRequest } from '../../http';
import { BulkOutcome, type ObstacleView, type PassedOverView } from './dead-letter.view';
import { OperatorDecision } from './dead-letters.controller';
import { BulkRequest, filterOf } from './dead-letters.query';

const DEFAULT_LIMIT = 50;

/** Decides on many open dead letters, oldest first, each in a transaction of its own. */
@ApiTags('dead letters')
@AdminController('dead-letters')
export class BulkDecisionsController {
  constructor(
    private readonly store: DeadLetterStore,
    private readonly redriver: Redriver,
  ) {}

  @OperatorDecision('redrive', 200, 'Redrive all that match, the oldest first')
  @ApiOkResponse({ type: BulkOutcome })
  @ApiProblems({ 400: 'A filter, the reason or X-Operator is not valid' })
  redrive(@OperatorName() by: string, @Body(validRequest) request: BulkRequest): Promise<BulkOutcome> {
    return this.decide(request, (id) => this.redriver.redrive(id, { by, because: request.reason }));
  }

  @OperatorDecision('discard', 200, 'Discard all that match; this is final')
  @ApiOkResponse({ type: BulkOutcome })
  @ApiProblems({ 400: 'A filter, the reason or X-Operator is not valid' })
  discard(@OperatorName() by: string, @Body(validRequest) request: BulkRequest): Promise<BulkOutcome> {
    return this.decide(request, (id) => this.redriver.discard(id, { by, because: request.reason }));
  }

  private async decide(
    { cursor, limit = DEFAULT_LIMIT, where }: BulkRequest,
    decideOn: (id: string) => Promise<RedriveOutcome>,
  ): Promise<BulkOutcome> {
    const filter = filterOf(where, Date.now());
    const { items, next } = await readPage<string>(
      { cursor, limit },
      (id) => id,
      (after, most) => this.store.openIds(filter, after, most),
    );
    const decided: string[] = [];
    const passedOver: PassedOverView[] = [];
    for (const id of items) {
      const outcome = await decideOn(id);
      if (outcome.kind === 'stands') decided.push(id);
      else passedOver.push({ id, ...obstacleOf(outcome) });
    }
    return { decided, passedOver, ...(next === undefined ? {} : { nextCursor: next }) };
  }
}

function obstacleOf(outcome: Exclude<RedriveOutcome, { kind: 'stands' }>): ObstacleView {
  if (outcome.kind === 'not-redrivable' || outcome.kind === 'doubted')
    return { reason: outcome.rejection.reason, detail: outcome.rejection.detail ?? '' };
  const detail = outcome.kind === 'unknown' ? 'It no longer exists.' : `It is already ${outcome.letter.status}.`;
  return { reason: outcome.kind, detail };
}
