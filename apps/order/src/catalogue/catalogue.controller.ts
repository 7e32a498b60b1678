import { Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { Catalogue } from './catalogue';

class CatalogueEntry {
  @ApiProperty({ example: 'SKU-CUP' })
  sku!: string;

  @ApiProperty({ example: 'Porcelain cup' })
  name!: string;

  @ApiProperty({ example: 1_250 })
  priceCents!: number;

  @ApiProperty({ example: 'EUR' })
  currency!: string;
}

class CatalogueList {
  @ApiProperty({ type: [CatalogueEntry] })
  items!: CatalogueEntry[];
}

@HttpController('catalogue')
export class CatalogueController {
  constructor(private readonly catalogue: Catalogue) {}

  @Get()
  @ApiOkResponse({ type: CatalogueList })
  list(): CatalogueList {
    return { items: this.catalogue.all() };
  }
}
