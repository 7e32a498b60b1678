import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Priced } from '../catalogue/pricing';
import { assertRepeats } from '../idempotency/idempotent-request';
import type { Revision, RevisionAccepted } from './revision-messages';

const COLUMNS = `id AS "revisionId", saga_id AS "sagaId", status, dropped_because AS "droppedBecause", lines,
  total_cents AS "totalCents", asked_cents AS "differenceCents", consent, created_at AS "createdAt"`;

/** Not settled: its saga has not ended, and the order may be held for it. */
const OPEN = `status IN ('ASKED', 'BEGUN', 'COMMITTED')`;

type Row = Omit<Revision, 'totalCents' | 'differenceCents'> & { totalCents: string; differenceCents: string | null };

/** A request that may be repeated. */
export interface Repeatable {
  readonly key: string;
  /** A hash of the content. */
  readonly fingerprint: string;
}

/** The requested revisions of orders. */
@Injectable()
export class Revisions {
  constructor(private readonly dataSource: DataSource) {}

  async add(
    tx: EntityManager,
    { orderId, revisionId, sagaId, differenceCents }: RevisionAccepted,
    priced: Priced,
    repeatable?: Repeatable,
  ): Promise<void> {
    const lines = JSON.stringify(priced.lines);
    await tx.query(
      `INSERT INTO revision
         (id, order_id, saga_id, lines, total_cents, difference_cents, idempotency_key, fingerprint)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        revisionId,
        orderId,
        sagaId,
        lines,
        priced.totalCents,
        differenceCents,
        repeatable?.key,
        repeatable?.fingerprint,
      ],
    );
  }

  /** The answer to the first request under this key, if any. Throws a problem when that request was different. */
  async askedFor(
    tx: EntityManager,
    orderId: string,
    { key, fingerprint }: Repeatable,
  ): Promise<RevisionAccepted | undefined> {
    const [first]: (RevisionAccepted & { fingerprint: string })[] = await tx.query(
      `SELECT order_id AS "orderId", id AS "revisionId", saga_id AS "sagaId", difference_cents::float8 AS "differenceCents",
              fingerprint
       FROM revision WHERE order_id = $1 AND idempotency_key = $2`,
      [orderId, key],
    );
    if (first === undefined) return undefined;
    assertRepeats(first, fingerprint);
    const { revisionId, sagaId, differenceCents } = first;
    return { orderId, revisionId, sagaId, differenceCents };
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<Revision[]> {
    const rows: Row[] = await this.dataSource.query(`SELECT ${COLUMNS} FROM revision WHERE order_id = $1 ORDER BY id`, [
      orderId,
    ]);
    return rows.map(toRevision);
  }

  /** Locks and reads the revision. */
  async lock(tx: EntityManager, id: string): Promise<Revision | undefined> {
    const [row]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM revision WHERE id = $1 FOR UPDATE`, [id]);
    return row && toRevision(row);
  }

  /** Locks and reads the revision that the order is held for. */
  async lockHolder(tx: EntityManager, orderId: string): Promise<Revision | undefined> {
    const [row]: Row[] = await tx.query(
      `SELECT ${COLUMNS} FROM revision WHERE order_id = $1 AND status IN ('BEGUN', 'COMMITTED') FOR UPDATE`,
      [orderId],
    );
    return row && toRevision(row);
  }

  /** How many revisions of this order are open. */
  async countUnsettled(tx: EntityManager, orderId: string): Promise<number> {
    const [row]: { open: number }[] = await tx.query(
      `SELECT count(*)::int AS open FROM revision WHERE order_id = $1 AND ${OPEN}`,
      [orderId],
    );
    return row?.open ?? 0;
  }

  /** Marks the revision as begun, with its price difference. */
  async begin(tx: EntityManager, id: string, differenceCents: number): Promise<void> {
    await tx.query(`UPDATE revision SET status = 'BEGUN', asked_cents = $2 WHERE id = $1`, [id, differenceCents]);
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
