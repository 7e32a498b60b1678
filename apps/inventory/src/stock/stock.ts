import { Injectable } from '@nestjs/common';
import type { LineAvailability, OrderLine } from '@palinode/contracts';
import { DataSource } from 'typeorm';

export interface StockRow {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
}

/** PostgreSQL returns bigint as text; no shop has more units than a number holds. */
interface StoredRow {
  readonly sku: string;
  readonly available: string;
  readonly reserved: string;
}

/** The available and the reserved units of each article. */
@Injectable()
export class Stock {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<StockRow[]> {
    const rows: StoredRow[] = await this.dataSource.query('SELECT sku, available, reserved FROM stock ORDER BY sku');
    return rows.map(toNumbers);
  }

  async find(sku: string): Promise<StockRow | undefined> {
    const [row]: StoredRow[] = await this.dataSource.query(
      'SELECT sku, available, reserved FROM stock WHERE sku = $1',
      [sku],
    );
    return row && toNumbers(row);
  }

  /** Returns whether each line could be sold right now. Reserves nothing. */
  async availabilityOf(lines: readonly OrderLine[]): Promise<LineAvailability[]> {
    const rows: Pick<StoredRow, 'sku' | 'available'>[] = await this.dataSource.query(
      'SELECT sku, available FROM stock WHERE sku = ANY($1)',
      [lines.map(({ sku }) => sku)],
    );
    const units = new Map(rows.map(({ sku, available }) => [sku, Number(available)]));
    return lines.map(({ sku, quantity }) => {
      const available = units.get(sku) ?? 0;
      return { sku, available, enough: available >= quantity };
    });
  }

  async add(sku: string, quantity: number): Promise<StockRow | undefined> {
    const [[row]]: [StoredRow[]] = await this.dataSource.query(
      'UPDATE stock SET available = available + $2 WHERE sku = $1 RETURNING sku, available, reserved',
      [sku, quantity],
    );
    return row && toNumbers(row);
  }
}

function toNumbers({ sku, available, reserved }: StoredRow): StockRow {
  return { sku, available: Number(available), reserved: Number(reserved) };
}
