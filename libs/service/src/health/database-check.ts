import { Injectable } from '@nestjs/common';
import { poolOf } from '@palinode/saga/participant';
import { DataSource } from 'typeorm';
import type { ReadinessCheck } from './readiness-check';

const TIMEOUT_MS = 2_000;
const READ_ONLY = `SELECT current_setting('transaction_read_only')::boolean AS readonly`;

/** Whether the service's database answers, and takes writes. Terminus' own check does not see a read-only database. */
@Injectable()
export class DatabaseCheck implements ReadinessCheck {
  constructor(private readonly dataSource: DataSource) {}

  async check(): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, TIMEOUT_MS, `no answer within ${TIMEOUT_MS} ms`);
    });
    const answer = this.ask().catch(() => 'no connection');
    const problem = await Promise.race([answer, late]);
    clearTimeout(timer);
    return problem;
  }

  private async ask(): Promise<string | undefined> {
    const client = await poolOf(this.dataSource).connect();
    try {
      const { rows } = await client.query<{ readonly: boolean }>(READ_ONLY);
      const readOnly = rows[0]?.readonly === true;
      // After a failover a new connection may reach a writable server.
      client.release(readOnly);
      return readOnly ? 'read-only' : undefined;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
}
