/*
 * The chaos tests cut commits by kind and recognize a kind by its statements. This test meets every kind once in a working
 * shop, so that a reworded statement is noticed at once and not hours later in a chaos run.
 */
import type { ServiceName } from '@palinode/test-support/shop/services';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder, ShopClient } from '../end-to-end/shop-client';
import type { ConnectionTap } from '@palinode/test-support/network/tcp-proxy';
import { PostgresSession, type Transaction } from '@palinode/test-support/network/postgres-session';
import { Load } from './load';
import { ShopOnProxies } from './shop-on-proxies';
import { Operators } from './operators';
import { kindNames, kindOf, KINDS, type KindName } from './transaction-kinds';
import { AnonymousClients } from './anonymous-clients';

const SEED = 1;
const SWEEP = 'a sweep of the outbox';
/**
 * There is nothing to sweep unless an answer is lost: until the first sweep, every third of these transactions loses
 * its answer.
 */
const LOSES_ANSWERS: Partial<Record<ServiceName, KindName>> = {
  order: 'orders without a key',
  orchestrator: 'batch of the orchestrator',
};
const WRITES = /\b(INSERT|UPDATE|DELETE)\b|pg_logical_emit_message/;
const PREPARES = /\bCREATE TABLE\b|"migrations"/;

const wanted = kindNames.flatMap((kind) => KINDS[kind].services.map((service) => [kind, service] as const));

/** Records what the services commit. */
class CommitRecorder {
  private readonly met = new Map<string, number>();
  private readonly unknown = new Map<ServiceName, Set<string>>();

  tapOf(service: ServiceName): () => ConnectionTap {
    return () => {
      const session = new PostgresSession(() => {});
      return {
        sent: (bytes) => {
          const kinds = session.sent(bytes).flatMap((transaction) => this.meet(service, transaction) ?? []);
          return kinds.some((kind) => this.losesAnswer(service, kind)) ? 'last' : 'pass';
        },
        received: (bytes) => (session.received(bytes), true),
        ended: () => session.ended(),
      };
    };
  }

  timesMet(service: ServiceName, kind: KindName): number {
    return this.met.get(`${service}: ${kind}`) ?? 0;
  }

  /** Writes of a service that match no kind. */
  unknownOf(service: ServiceName): string {
    return [...(this.unknown.get(service) ?? [])].join('\n');
  }

  private losesAnswer(service: ServiceName, kind: KindName): boolean {
    return LOSES_ANSWERS[service] === kind && !this.timesMet(service, SWEEP) && this.timesMet(service, kind) % 3 === 0;
  }

  private meet(service: ServiceName, transaction: Transaction): KindName | undefined {
    const kind = kindOf(service, transaction);
    if (kind === undefined) this.keepUnknown(service, transaction);
    else this.met.set(`${service}: ${kind}`, this.timesMet(service, kind) + 1);
    return kind;
  }

  private keepUnknown(service: ServiceName, { statements }: Transaction): void {
    const texts = statements.map(({ text }) => text.replace(/\s+/g, ' ').trim().slice(0, 120)).join('; ');
    if (!WRITES.test(texts) || PREPARES.test(texts)) return;
    const known = this.unknown.get(service) ?? new Set();
    this.unknown.set(service, known.add(texts));
  }
}

describe('the kinds of transactions', () => {
  const recorder = new CommitRecorder();
  let context: ShopOnProxies | undefined;

  beforeAll(async () => {
    context = await ShopOnProxies.start({ tapOf: (service) => recorder.tapOf(service) });
    const shop = ShopClient.of(context.stack);
    const load = Load.start(shop, { seed: SEED, customers: 4, thinkMs: 100 });
    const anonymousClients = AnonymousClients.start(shop, { seed: SEED, atOnce: 1, thinkMs: 100 });
    const operators = Operators.start(shop, context.stack.adminUrl);
    try {
      // An event reports low stock.
      await shop.place(anOrder({ lines: [{ sku: 'SKU-LAST-TEN', quantity: 8 }] }));
      const allMet = () => wanted.every(([kind, service]) => recorder.timesMet(service, kind) > 0);
      // The tests below name the missing kinds.
      await waitUntil('every kind to be met', allMet, { everyMs: 50 }).catch(() => undefined);
    } finally {
      await Promise.all([load.stop(), anonymousClients.stop(), operators.stop()]);
    }
  });

  afterAll(() => context?.stop());

  it.each(wanted)('recognizes "%s" among the commits of the %s service', (kind, service) => {
    if (recorder.timesMet(service, kind) > 0) return;
    throw new Error(`Its statements have changed. Transactions of no kind:\n${recorder.unknownOf(service)}`);
  });
});
