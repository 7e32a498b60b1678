import { Body, ConflictException, Delete, Get, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../operator-log';
import { AdminController } from '../admin.controller';
import { DefinitionRegistry, milliseconds } from '../../definition';
import { HoldMonitor, Holds, HoldStore, placeOf, type Hold } from '../../holds';
import { ByActor } from '../operator';
import { pageOf } from '../page';
import { time } from '../time';
import { ApiProblems, IdPipe, OPERATOR_HEADER, validRequest } from '../../http';
import { HoldPage, HoldView } from './hold.view';
import { holdWhere } from './hold-place';
import { HoldRequest, HoldsQuery, ReleaseQuery } from './holds.query';
import { holdViewOf } from './present-hold';

@ApiTags('holds')
@AdminController('holds')
export class HoldsController {
  constructor(
    private readonly holds: Holds,
    private readonly store: HoldStore,
    private readonly monitor: HoldMonitor,
    private readonly registry: DefinitionRegistry,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the holds with their reason and the number of waiting sagas, the newest first' })
  @ApiOkResponse({ type: HoldPage })
  @ApiProblems({ 400: 'A filter is not valid' })
  list(@Query(validRequest) query: HoldsQuery): Promise<HoldPage> {
    return pageOf(query, async (after, limit) =>
      this.viewsOf(await this.store.list(query.status ?? 'in-force', after, limit)),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'One hold, active or ended' })
  @ApiOkResponse({ type: HoldView })
  @ApiProblems({ 400: 'The id is not valid', 404: 'No hold has this id' })
  async find(@Param('id', IdPipe) id: string): Promise<HoldView> {
    const hold = await this.store.find(id);
    if (hold === undefined) throw noSuchHold(id);
    return this.viewOf(hold);
  }

  @Post()
  @ApiOperation({ summary: 'Hold the commands to a service, one command of it, or those of one step' })
  @ApiHeader(OPERATOR_HEADER)
  @ApiCreatedResponse({ type: HoldView })
  @ApiProblems({
    400: 'A field or X-Operator is not valid',
    409: 'The same commands are held already; `detail` names the hold',
    422: 'The place is incomplete, or no definition sends such commands; `detail` lists the known names',
  })
  async place(
    @ByActor() actor: Actor,
    @Body(validRequest) { where: request, reason, ttl }: HoldRequest,
  ): Promise<HoldView> {
    const where = holdWhere(request, this.registry);
    const ttlMs = ttl && milliseconds(ttl);
    const placed = await this.holds.place({ where, cause: 'by-hand', reason, ttlMs, ...actor });
    if (placed === undefined) throw heldBefore(await this.store.findAt(where));
    this.monitor.trigger();
    return this.viewOf(placed);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'End a hold: the waiting sagas continue, the longest waiting first' })
  @ApiHeader(OPERATOR_HEADER)
  @ApiOkResponse({ type: HoldView })
  @ApiProblems({
    400: 'The id, the reason, the rate or X-Operator is not valid',
    404: 'No hold has this id',
    409: 'It has already ended; `detail` says who ended it',
  })
  async end(
    @Param('id', IdPipe) id: string,
    @ByActor() actor: Actor,
    @Query(validRequest) { reason, rate }: ReleaseQuery,
  ): Promise<HoldView> {
    const ended = await this.holds.end(id, { reason, rate, byHand: true, ...actor });
    if (ended === undefined) throw notEnded(id, await this.store.find(id));
    this.monitor.trigger();
    return this.viewOf(ended);
  }

  private async viewOf(hold: Hold): Promise<HoldView> {
    return holdViewOf(hold, (await this.holds.waitingFor([hold])).each.get(hold.id));
  }

  private async viewsOf(holds: readonly Hold[]): Promise<HoldView[]> {
    const { each } = await this.holds.waitingFor(holds);
    return holds.map((hold) => holdViewOf(hold, each.get(hold.id)));
  }
}

function noSuchHold(id: string): NotFoundException {
  return new NotFoundException(`No hold has the id ${id}.`);
}

/** @param hold undefined when it has ended in the meantime */
function heldBefore(hold: Hold | undefined): ConflictException {
  const message = hold
    ? `${placeOf(hold.where)} is held since ${time(hold.at)} by ${hold.by} (${hold.reason}): the hold ${hold.id}. End that one first, or keep it.`
    : 'It was held until now. Try again.';
  return new ConflictException({ type: 'urn:palinode:problem:already-held', title: 'It is held already', message });
}

function notEnded(id: string, hold: Hold | undefined): NotFoundException | ConflictException {
  if (hold?.ended === undefined) return noSuchHold(id);
  const { at, by, reason } = hold.ended;
  return new ConflictException({
    type: 'urn:palinode:problem:hold-ended',
    title: 'The hold has already ended',
    message: `${by} has ended it at ${time(at)}: ${reason}. The sagas that waited for it continue automatically.`,
  });
}
