import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';

interface Stock {
  readonly sku: string;
  readonly available: number;
}

@Controller('stock')
export class StockController {
  constructor(private readonly dataSource: DataSource) {}

  @Get(':sku')
  async find(@Param('sku') sku: string): Promise<Stock> {
    const [stock] = await this.dataSource.query<Stock[]>('SELECT sku, available FROM stock WHERE sku = $1', [sku]);
    if (stock === undefined) throw new NotFoundException(`There is no stock of ${sku}.`);
    return stock;
  }
}
