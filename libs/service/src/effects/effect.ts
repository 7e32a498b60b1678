import type { Command } from '@palinode/saga/contract';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The SQL parameters of a handler's effect: saga, step, direction, command type and command id. */
export function effectOf({ sagaid, sagastep, sagadirection, type, id }: Command): string[] {
  return [sagaid, sagastep, sagadirection, type, id];
}

/**
 * Records every effect of a handler in its transaction. It has no unique index on purpose, so that a duplicate effect
 * is visible.
 */
export class CreateEffects1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE effects (
        saga_id uuid NOT NULL,
        step text NOT NULL,
        direction text NOT NULL,
        command text NOT NULL,
        command_id uuid NOT NULL,
        order_id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE effects');
  }
}
