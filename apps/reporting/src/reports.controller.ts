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

  /** Rebuilds the reports from the events, while the existing ones serve. */
  @Post('rebuild')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RebuildAccepted })
  @ApiConflictResponse({ description: 'A rebuild is in progress, or the topic has lost its beginning' })
  async rebuild(@Body() { acceptLoss = false }: RebuildRequest): Promise<RebuildAccepted> {
    const { active, building } = await this.generations.current();
    if (building !== null) throw rebuildInProgress();
    const lost = (await this.lagOf(active + 1)).reduce((sum, each) => sum + each.lost, 0);
    if (lost > 0 && !acceptLoss) {
      throw new Problem(409, {
        code: 'beginning-lost',
        title: 'The topic has lost its beginning',
        detail: `The broker no longer keeps ${lost} of the events that these reports were made of; rebuilt reports would miss them. Set acceptLoss to rebuild anyway.`,
      });
    }
    const begun = await this.generations.build();
    if (begun === undefined) throw rebuildInProgress();
    return { building: begun };
  }

  private async lagOf(generation: number): Promise<Lag[]> {
    return this.subscriber.lag(groupOf(generation)).catch(() => {
      throw new Problem(503, {
        code: 'broker-away',
        title: 'The broker does not answer',
        detail: 'Please try again later.',
      });
    });
  }
}

function rebuildInProgress(): Problem {
  return new Problem(409, {
    code: 'rebuild-under-way',
    title: 'The reports are being rebuilt',
    detail: 'A rebuild is in progress and reads all events. GET /reports/lag shows its progress.',
  });
}
