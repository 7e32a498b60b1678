import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Priced } from '../placing/pricing';
import type { Revision } from './revision-messages';

const COLUMNS = `id AS "revisionId", saga_id AS "sagaId", status, dropped_because AS "droppedBecause", lines,
  total_cents AS "totalCents", difference_cents AS "differenceCents", consent, created_at AS "createdAt"`;

/** Not settled: its saga has not ended, and the order may be held for it. */
const OPEN = `status IN ('ASKED', 'BEGUN', 'COMMITTED')`;

type Row = Omit<Revision, 'totalCents' | 'differenceCents'> & { totalCents: string; differenceCents: string | null };

/** What customers want changed about their orders. */
@Injectable()
export class Revisions {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: EntityManager, orderId: string, id: string, sagaId: string, priced: Priced): Promise<void> {
    await tx.query('INSERT INTO revision (id, order_id, saga_id, lines, total_cents) VALUES ($1, $2, $3, $4, $5)', [
      id,
      orderId,
      sagaId,
      JSON.stringify(priced.lines),
      priced.totalCents,
    ]);
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<Revision[]> {
    const rows: Row[] = await this.dataSource.query(`SELECT ${COLUMNS} FROM revision WHERE order_id = $1 ORDER BY id`, [
      orderId,
    ]);
    return rows.map(toRevision);
  }

  /** The revision, which nobody can change until the transaction ends. */
  async lock(tx: EntityManager, id: string): Promise<Revision | undefined> {
    const [row]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM revision WHERE id = $1 FOR UPDATE`, [id]);
    return row && toRevision(row);
  }

  /** The one that the order is held for, which nobody can change until the transaction ends. */
  async lockHolder(tx: EntityManager, orderId: string): Promise<Revision | undefined> {
    const [row]: Row[] = await tx.query(
      `SELECT ${COLUMNS} FROM revision WHERE order_id = $1 AND status IN ('BEGUN', 'COMMITTED') FOR UPDATE`,
      [orderId],
    );
    return row && toRevision(row);
  }

  /** How many of this order are not settled. */
  async countUnsettled(tx: EntityManager, orderId: string): Promise<number> {
    const [row]: { open: number }[] = await tx.query(
      `SELECT count(*)::int AS open FROM revision WHERE order_id = $1 AND ${OPEN}`,
      [orderId],
    );
    return row?.open ?? 0;
  }

  /** The order is held for it, and costs so much more by it. */
  async begin(tx: EntityManager, id: string, differenceCents: number): Promise<void> {
    await tx.query(`UPDATE revision SET status = 'BEGUN', difference_cents = $2 WHERE id = $1`, [id, differenceCents]);
  }

  async answer(tx: EntityManager, id: string, accepted: boolean): Promise<void> {
    await tx.query('UPDATE revision SET consent = $2 WHERE id = $1', [id, accepted]);
  }

  async change(tx: EntityManager, id: string, status: Revision['status'], reason: string | null = null): Promise<void> {
    await tx.query('UPDATE revision SET status = $2, dropped_because = $3 WHERE id = $1', [id, status, reason]);
  }
}

function toRevision({ totalCents, differenceCents, ...row }: Row): Revision {
  return {
    ...row,
    totalCents: Number(totalCents),
    differenceCents: differenceCents === null ? null : Number(differenceCents),
  };
}
