import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface Current {
  /** The generation that reports are read from. */
  readonly active: number;
  /** The one that is being built. */
  readonly building: number | null;
}

const GROUP = /^reporting\.(\d+)$/;

/** The consumer group that builds a generation, with its own inbox and positions. */
export function groupOf(generation: number): string {
  return `reporting.${generation}`;
}

export function generationOf(group: string): number {
  const [, generation] = GROUP.exec(group) ?? [];
  if (generation === undefined) throw new Error(`${group} builds no generation of the reports.`);
  return Number(generation);
}

/** Which projection serves and which is being built, for all instances and across restarts. */
@Injectable()
export class Generations {
  constructor(private readonly dataSource: DataSource) {}

  async current(): Promise<Current> {
    const [current]: Current[] = await this.dataSource.query('SELECT active, building FROM generation');
    if (current === undefined) throw new Error('The table generation has lost its row.');
    return current;
  }

  /** Begins to build the next generation; undefined while a build is in progress. */
  async build(): Promise<number | undefined> {
    const [[begun]]: [{ building: number }[]] = await this.dataSource.query(
      'UPDATE generation SET building = active + 1 WHERE building IS NULL RETURNING building',
    );
    return begun?.building;
  }

  /** Makes this generation serve. */
  async activate(generation: number): Promise<void> {
    await this.dataSource.query('UPDATE generation SET active = building, building = NULL WHERE building = $1', [
      generation,
    ]);
  }

  /** Deletes the rows of earlier generations. */
  async deleteBefore(generation: number): Promise<void> {
    await this.dataSource.query('DELETE FROM sale WHERE generation < $1', [generation]);
    await this.dataSource.query('DELETE FROM rejection WHERE generation < $1', [generation]);
    await this.dataSource.query('DELETE FROM cancellation WHERE generation < $1', [generation]);
    await this.dataSource.query('DELETE FROM revised_order WHERE generation < $1', [generation]);
    const groups = Array.from({ length: generation - 1 }, (_, before) => groupOf(before + 1));
    await this.dataSource.query('DELETE FROM event_inbox WHERE subscriber = ANY ($1)', [groups]);
    await this.dataSource.query('DELETE FROM event_position WHERE subscriber = ANY ($1)', [groups]);
  }
}
