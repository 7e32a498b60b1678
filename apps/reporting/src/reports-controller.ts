import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiOkResponse } from '@nestjs/swagger';
import { Subscriber, type Lag } from '@palinode/saga/subscriber';
import { HttpController, Problem } from '@palinode/service';
import { Generations, groupOf } from './generations/generations';
import { RebuildAccepted, RebuildRequest, ReportLag } from './report-messages';
import { Sales } from './sales/sales';
import { SalesQuery, SalesReport } from './sales/sales-messages';

@HttpController('reports')
export class ReportsController {
  constructor(
    private readonly sales: Sales,
    private readonly generations: Generations,
    private readonly subscriber: Subscriber,
  ) {}

  @Get('sales')
  @ApiOkResponse({ type: SalesReport })
  async read(@Query() query: SalesQuery): Promise<SalesReport> {
    return this.sales.report(query);
  }

  @Get('lag')
  @ApiOkResponse({ type: ReportLag })
  async lag(): Promise<ReportLag> {
    const { active: generation, building } = await this.generations.current();
    const partitions = await this.lagOf(generation);
    const serving = { generation, partitions, passedBy: this.subscriber.passedBy(groupOf(generation)) };
    return building === null ? serving : { ...serving, building, buildingPartitions: await this.lagOf(building) };
  }

  /** Builds the reports anew from the events, beside those that serve meanwhile. */
  @Post('rebuild')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RebuildAccepted })
  @ApiConflictResponse({ description: 'One is under way, or the topic has lost its beginning' })
  async rebuild(@Body() { acceptLoss = false }: RebuildRequest): Promise<RebuildAccepted> {
    const { active, building } = await this.generations.current();
    if (building !== null) throw underWay();
    const lost = (await this.lagOf(active + 1)).reduce((sum, each) => sum + each.lost, 0);
    if (lost > 0 && !acceptLoss) {
      throw new Problem(
        409,
        'beginning-lost',
        'The topic has lost its beginning',
        `The broker no longer keeps ${lost} of the events that these reports were made of; rebuilt reports would miss them. Say acceptLoss if that is wanted.`,
      );
    }
    const begun = await this.generations.build();
    if (begun === undefined) throw underWay();
    return { building: begun };
  }

  private async lagOf(generation: number): Promise<Lag[]> {
    return this.subscriber.lag(groupOf(generation)).catch(() => {
      throw new Problem(503, 'broker-away', 'The broker does not answer', 'Please try again later.');
    });
  }
}

function underWay(): Problem {
  return new Problem(
    409,
    'rebuild-under-way',
    'The reports are being rebuilt',
    'One rebuild is enough: it reads all events there are. GET /reports/lag tells how far it has come.',
  );
}
