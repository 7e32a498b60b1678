import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { Stock } from '../stock/stock';
import { AvailabilityList, AvailabilityRequest, WantedLineQuery } from './availability-messages';

/** Serves the same queries over REST as the availability calls serve over gRPC. */
@HttpController('stock/availability')
export class AvailabilityController {
  constructor(private readonly stock: Stock) {}

  @Get()
  @ApiOperation({ summary: 'Returns whether one line could be sold right now' })
  @ApiOkResponse({ type: AvailabilityList })
  async one(@Query() line: WantedLineQuery): Promise<AvailabilityList> {
    return { lines: await this.stock.availabilityOf([line]) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Returns whether many lines could be sold right now' })
  @ApiOkResponse({ type: AvailabilityList, description: 'One entry for each line, in their order' })
  async many(@Body() { lines }: AvailabilityRequest): Promise<AvailabilityList> {
    return { lines: await this.stock.availabilityOf(lines) };
  }
}
