import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { HttpController, notFound } from '@palinode/service';
import { Stock, type StockRow } from './stock';
import { Restock, StockItem, StockList, StockParams } from './stock-messages';

@HttpController('stock')
export class StockController {
  constructor(private readonly stock: Stock) {}

  @Get()
  @ApiOkResponse({ type: StockList })
  async list(): Promise<StockList> {
    return { items: await this.stock.all() };
  }

  @Get(':sku')
  @ApiOkResponse({ type: StockItem })
  async read(@Param() { sku }: StockParams): Promise<StockItem> {
    return existing(sku, await this.stock.find(sku));
  }

  @Post(':sku/restock')
  @HttpCode(200)
  @ApiOkResponse({ type: StockItem })
  async restock(@Param() { sku }: StockParams, @Body() { quantity }: Restock): Promise<StockItem> {
    return existing(sku, await this.stock.add(sku, quantity));
  }
}

function existing(sku: string, row: StockRow | undefined): StockRow {
  if (row === undefined) throw notFound(`The article ${sku}`);
  return row;
}
