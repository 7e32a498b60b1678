import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { untilDatabaseAnswers } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';

export interface CatalogueItem {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly currency: string;
}

/** The articles and their prices. Read once at start, because prices change with a release. */
@Injectable()
export class Catalogue implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(Catalogue.name);
  private readonly stopping = new AbortController();
  private items: ReadonlyMap<string, CatalogueItem> = new Map();

  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const items = await untilDatabaseAnswers('read the catalogue', () => this.read(), this.log, this.stopping.signal);
    this.items = new Map(items.map((item) => [item.sku, item]));
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  all(): CatalogueItem[] {
    return [...this.items.values()];
  }

  find(sku: string): CatalogueItem | undefined {
    return this.items.get(sku);
  }

  private async read(): Promise<CatalogueItem[]> {
    const rows: (Omit<CatalogueItem, 'priceCents'> & { priceCents: string })[] = await this.dataSource.query(
      'SELECT sku, name, price_cents AS "priceCents", currency FROM catalogue_item ORDER BY sku',
    );
    return rows.map((row) => ({ ...row, priceCents: Number(row.priceCents) }));
  }
}
