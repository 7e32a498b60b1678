import { Body } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminController } from '../admin-controller';
import { DeadLetterStore } from '../../orchestrator/dead-letters/dead-letter-store';
import { Redriver, type RedriveOutcome } from '../../orchestrator/dead-letters/redriver';
import { OperatorName } from '../operator';
import { cursorAfter, idOf } from '../cursor';
import { ApiProblems } from '../problem.view';
import { validRequest } from '../valid-request';
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
    const after = cursor === undefined ? undefined : idOf(cursor);
    const found = await this.store.openIds(filterOf(where, Date.now()), after, limit + 1);
    const ids = found.slice(0, limit);
    const decided: string[] = [];
    const passedOver: PassedOverView[] = [];
    for (const id of ids) {
      const outcome = await decideOn(id);
      if (outcome.kind === 'stands') decided.push(id);
      else passedOver.push({ id, ...obstacleOf(outcome) });
    }
    const last = ids.at(-1);
    return { decided, passedOver, ...(found.length > limit && last ? { nextCursor: cursorAfter(last) } : {}) };
  }
}

function obstacleOf(outcome: Exclude<RedriveOutcome, { kind: 'stands' }>): ObstacleView {
  if (outcome.kind === 'not-redrivable' || outcome.kind === 'doubted')
    return { reason: outcome.rejection.reason, detail: outcome.rejection.detail ?? '' };
  const detail = outcome.kind === 'unknown' ? 'It no longer exists.' : `It is already ${outcome.letter.status}.`;
  return { reason: outcome.kind, detail };
}
