import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface CatalogueItem {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly currency: string;
}

/** What can be ordered, and at which price. Read once at start: prices change with a release. */
@Injectable()
export class Catalogue implements OnModuleInit {
  private items: ReadonlyMap<string, CatalogueItem> = new Map();

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const rows: (Omit<CatalogueItem, 'priceCents'> & { priceCents: string })[] = await this.dataSource.query(
      'SELECT sku, name, price_cents AS "priceCents", currency FROM catalogue_item ORDER BY sku',
    );
    this.items = new Map(rows.map((row) => [row.sku, { ...row, priceCents: Number(row.priceCents) }]));
  }

  all(): CatalogueItem[] {
    return [...this.items.values()];
  }

  find(sku: string): CatalogueItem | undefined {
    return this.items.get(sku);
  }
}
