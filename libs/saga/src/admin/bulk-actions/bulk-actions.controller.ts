import { applyDecorators, Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import {
  BulkActions,
  BulkActionStore,
  MOST_ITEMS,
  type BulkOrder,
  type ChangeOutcome,
  type NotCreated,
} from '../../bulk-actions';
import { DefinitionRegistry } from '../../definition';
import { ApiProblems, IdPipe, invalidRequest, OPERATOR_HEADER, Problem, validRequest } from '../../http';
import type { Actor } from '../../operator-log';
import { SagaStore } from '../../store';
import { AdminController } from '../admin.controller';
import { SagaDiagnoses } from '../diagnosis/saga-diagnoses';
import { maskedReply } from '../mask-of';
import { ByActor, OperatorRequest } from '../operator';
import { pageOf } from '../page';
import { SagaFilters } from '../saga-filters';
import { BulkActionRequest, BulkActionsQuery, BulkItemsQuery, orderOf } from './bulk-action.request';
import { BulkActionPage, BulkActionView, BulkItemPage, DryRunView } from './bulk-action.view';
import { bulkActionViewOf, dryRunViewOf, itemViewOf } from './present-bulk-action';

/** Declares a route by which an operator changes a bulk action. */
function Change(path: string, summary: string): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    ApiOperation({ summary }),
    ApiHeader(OPERATOR_HEADER),
    ApiOkResponse({ type: BulkActionView }),
    ApiProblems({
      400: 'The id, the reason or X-Operator is not valid',
      404: 'No bulk action has this id',
      409: 'Its status does not allow it; `detail` says which it has',
    }),
  );
}

@ApiTags('bulk actions')
@AdminController('bulk-actions')
export class BulkActionsController {
  constructor(
    private readonly bulkActions: BulkActions,
    private readonly store: BulkActionStore,
    private readonly filters: SagaFilters,
    private readonly sagas: SagaStore,
    private readonly diagnoses: SagaDiagnoses,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Act on many sagas or dead letters, one after the other; their ids are fixed now' })
  @ApiHeader(OPERATOR_HEADER)
  @ApiAcceptedResponse({
    type: BulkActionView,
    description: 'It has begun',
    headers: { Location: { schema: { type: 'string' }, description: 'Where its progress is' } },
  })
  @ApiOkResponse({ type: DryRunView, description: 'With dryRun: what would be done; nothing was' })
  @ApiProblems({
    400: 'A field, a filter or X-Operator is not valid',
    409: 'Not as many match as `expect` says; `found` says how many',
    422: `Neither where nor ids, or both; an empty where; nothing or more than ${MOST_ITEMS} match; a field does not belong to the action; what a filter of sagas names does not exist`,
  })
  async create(
    @ByActor() actor: Actor,
    @Body(validRequest) request: BulkActionRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BulkActionView | DryRunView> {
    const { ids, expect, canary, ratePerSecond: rate, stopOnFailure, dryRun, reason } = request;
    const order = await orderOf(request, this.filters, Date.now());
    const asked = {
      order,
      ids,
      expect,
      canary,
      rate,
      stopOnFailure,
      actor,
      reason,
      request: await this.shown(request, order),
    };
    if (dryRun) {
      const tried = await this.bulkActions.dryRun(asked);
      if (tried.kind !== 'tried') throw notCreated(tried, request);
      response.status(200);
      return dryRunViewOf(tried);
    }
    const created = await this.bulkActions.create(asked);
    if (created.kind !== 'created') throw notCreated(created, request);
    response.location(`${response.req.originalUrl.replace(/\?.*$/, '')}/${created.bulkAction.id}`);
    return this.viewOf(created.bulkAction);
  }

  @Get()
  @ApiOperation({ summary: 'List the bulk actions with their progress, the newest first' })
  @ApiOkResponse({ type: BulkActionPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: BulkActionsQuery): Promise<BulkActionPage> {
    return pageOf(query, async (after, limit) => {
      const found = await this.store.list(query.status, after, limit);
      const progress = await this.store.progressOf(found.map(({ id }) => id));
      return found.flatMap((each) => {
        const of = progress.get(each.id);
        return of ? bulkActionViewOf(each, of) : [];
      });
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One bulk action: how far it is, and what became of what it acted on' })
  @ApiOkResponse({ type: BulkActionView })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No bulk action has this id' })
  async find(@Param('id', IdPipe) id: string): Promise<BulkActionView> {
    const found = await this.store.find(id);
    if (found === undefined) throw noSuchBulkAction(id);
    return this.viewOf(found);
  }

  @Get(':id/items')
  @ApiOperation({ summary: 'The sagas or dead letters of a bulk action, the oldest first, with the result for each' })
  @ApiOkResponse({ type: BulkItemPage })
  @ApiProblems({ 400: 'The id or a filter is not valid', 404: 'No bulk action has this id' })
  async items(@Param('id', IdPipe) id: string, @Query(validRequest) query: BulkItemsQuery): Promise<BulkItemPage> {
    const found = await this.store.find(id);
    if (found === undefined) throw noSuchBulkAction(id);
    return pageOf(query, async (after, limit) => {
      const items = await this.store.items(id, query, after, limit);
      const { sagas } = await this.sagas.read(found.order.on === 'sagas' ? items.map(({ targetId }) => targetId) : []);
      const diagnoses = await this.diagnoses.summaries([...sagas.values()].map(({ state }) => state));
      return items.map((item) => ({ ...itemViewOf(item), diagnosis: diagnoses.get(item.targetId) }));
    });
  }

  @Change(':id/pause', 'Pause it: no further item begins')
  pause(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<BulkActionView> {
    return this.changed(id, 'paused', this.bulkActions.pause(id, actor, reason));
  }

  @Change(':id/resume', 'Let it go on, whatever became of its canaries and whatever has failed so far')
  resume(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<BulkActionView> {
    return this.changed(id, 'resumed', this.bulkActions.resume(id, actor, reason));
  }

  @Change(':id/stop', 'End it: what is left is skipped; this is final')
  stop(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Body(validRequest) { reason }: OperatorRequest,
  ): Promise<BulkActionView> {
    return this.changed(id, 'stopped', this.bulkActions.stop(id, actor, reason));
  }

  private async changed(id: string, how: string, changing: Promise<ChangeOutcome>): Promise<BulkActionView> {
    const outcome = await changing;
    if (outcome.kind === 'unknown') throw noSuchBulkAction(id);
    if (outcome.kind === 'changed') return this.viewOf(outcome.bulkAction);
    const { status, why } = outcome.bulkAction;
    throw new Problem(409, {
      code: `bulk-action-${status}`,
      title: 'Its status does not allow it',
      detail: `The bulk action is ${status}${why ? ` (${why})` : ''}, so it cannot be ${how}.`,
    });
  }

  /** What is stored and shown of a request, without sensitive values. */
  private async shown(request: BulkActionRequest, order: BulkOrder): Promise<BulkActionRequest> {
    const { step, reply, where } = request;
    const hasReply = step !== undefined && reply !== undefined;
    return {
      ...request,
      ...(hasReply && { reply: maskedReply(this.registry, step, reply) as object }),
      where:
        where && order.on === 'sagas'
          ? { ...where, ...(await this.filters.withoutSensitive(order.where ?? {})) }
          : where,
      ids: undefined,
    };
  }

  private async viewOf(bulkAction: Parameters<typeof bulkActionViewOf>[0]): Promise<BulkActionView> {
    const progress = (await this.store.progressOf([bulkAction.id])).get(bulkAction.id);
    if (progress === undefined) throw noSuchBulkAction(bulkAction.id);
    return bulkActionViewOf(bulkAction, progress);
  }
}

function noSuchBulkAction(id: string): Problem {
  return new Problem(404, { code: 'not-found', title: 'Not found', detail: `No bulk action has the id ${id}.` });
}

function notCreated(because: NotCreated, { expect }: BulkActionRequest): Problem {
  switch (because.kind) {
    case 'not-expected':
      return new Problem(409, {
        code: 'not-expected',
        title: 'Not as many match as expected',
        detail: `${because.found} match, not ${expect}. Look at them, and send expect: ${because.found} if you mean them.`,
        extension: { found: because.found },
      });
    case 'too-many':
      return invalidRequest([{ field: 'where', problem: `must match at most ${MOST_ITEMS}; add a filter` }], 422);
    default:
      return invalidRequest([{ field: 'where', problem: 'matches nothing now' }], 422);
  }
}
