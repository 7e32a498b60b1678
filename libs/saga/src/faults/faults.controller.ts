import {
  Body,
  Controller,
  Delete,
  Get,
  Head,
  HttpCode,
  NotFoundException,
  Param,
  Patch,
  Post,
  Query,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExcludeEndpoint,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { milliseconds, type Duration } from '../definition';
import type { RecordHookChange } from '../messaging';
import { IdPipe, OnlyKnownParameters, ProblemFilter, validRequest } from '../http';
import { FaultConsole, type FaultFeed } from './fault-console';
import { FaultOperation, RecordedAs } from './fault-operation';
import type { FaultRule } from './fault-rule';
import { FaultChange, FaultRequest, FeedQuery, HitReports, HitsQuery } from './fault.request';
import { CatalogView, catalogView, FaultList, FaultView, faultView, HitList } from './fault.view';
import type { ArmedRule } from './rule-store';

@ApiTags('faults')
@Controller('v1/faults')
@UseFilters(ProblemFilter)
@UseInterceptors(OnlyKnownParameters)
export class FaultsController {
  constructor(private readonly console: FaultConsole) {}

  @Post()
  @FaultOperation()
  @ApiOperation({ summary: 'Arm a fault; answers when the service knows it' })
  @ApiCreatedResponse({ type: FaultView })
  @ApiUnprocessableEntityResponse({ description: 'It could never strike; the problem names what is possible' })
  async arm(
    @Body(validRequest) { ttl, ...rule }: FaultRequest,
    @RecordedAs() record: RecordHookChange | undefined,
  ): Promise<FaultView> {
    return this.view(await this.console.arm({ ...rule, ...expiry(ttl) }, record));
  }

  @Get()
  @ApiOperation({ summary: 'The armed faults' })
  @ApiOkResponse({ type: FaultList })
  async list(): Promise<FaultList> {
    return { items: (await this.console.list()).map((each) => this.view(each)) };
  }

  @Get('catalog')
  @ApiOperation({ summary: 'What can be broken, where and how' })
  @ApiOkResponse({ type: CatalogView })
  catalog(): CatalogView {
    return catalogView(this.console.catalog);
  }

  @Get('hits')
  @ApiOperation({ summary: 'What struck, the newest first' })
  @ApiOkResponse({ type: HitList })
  async hits(@Query(validRequest) { sagaId, limit = 100 }: HitsQuery): Promise<HitList> {
    return { items: await this.console.struck(sagaId, limit) };
  }

  @Post('hits')
  @HttpCode(204)
  @ApiExcludeEndpoint()
  async take(@Body(validRequest) { hits }: HitReports): Promise<void> {
    await this.console.take(hits);
  }

  /** Before the route of GET, which Nest takes for HEAD, too, and which waits until there is something to tell. */
  @Head('feed')
  @ApiExcludeEndpoint()
  hasFeed(@Query(validRequest) _query: FeedQuery): void {
    // The status says it all.
  }

  @Get('feed')
  @ApiExcludeEndpoint()
  feed(@Query(validRequest) { instance, service, knows }: FeedQuery): Promise<FaultFeed> {
    return this.console.next(instance, service, knows);
  }

  @Post('reset')
  @HttpCode(204)
  @FaultOperation()
  @ApiOperation({ summary: 'Disarm everything and forget what struck' })
  @ApiNoContentResponse()
  async reset(@RecordedAs() record: RecordHookChange | undefined): Promise<void> {
    await this.console.reset(record);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One fault' })
  @ApiOkResponse({ type: FaultView })
  @ApiNotFoundResponse({ description: 'No fault has this id' })
  async find(@Param('id', IdPipe) id: string): Promise<FaultView> {
    return this.view((await this.console.find(id)) ?? missing(id));
  }

  @Patch(':id')
  @FaultOperation()
  @ApiOperation({ summary: 'Change how often, how long or whether a fault strikes' })
  @ApiOkResponse({ type: FaultView })
  @ApiNotFoundResponse({ description: 'No fault has this id' })
  async change(
    @Param('id', IdPipe) id: string,
    @Body(validRequest) { enabled, ttl, ...part }: FaultChange,
    @RecordedAs() record: RecordHookChange | undefined,
  ): Promise<FaultView> {
    return this.view((await this.console.change(id, { ...part, ...expiry(ttl) }, enabled, record)) ?? missing(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @FaultOperation()
  @ApiOperation({ summary: 'Disarm a fault' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: 'No fault has this id' })
  async disarm(@Param('id', IdPipe) id: string, @RecordedAs() record: RecordHookChange | undefined): Promise<void> {
    if (!(await this.console.disarm(id, record))) missing(id);
  }

  private view(armed: ArmedRule): FaultView {
    return faultView(armed, this.console.reach(armed.rule.service));
  }
}

function expiry(ttl: string | undefined): Pick<FaultRule, 'expiresAt'> {
  return ttl === undefined ? {} : { expiresAt: Date.now() + milliseconds(ttl as Duration) };
}

function missing(id: string): never {
  throw new NotFoundException(`No fault has the id ${id}.`);
}
