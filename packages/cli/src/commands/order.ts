import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error';
import type { AdminApi } from '../operate/admin-api';
import { httpUrl } from '../operate/connection';
import { OrderService } from '../operate/order-service';
import { nextStep } from '../operate/output';
import { ApiError } from '../operate/request';
import { stackAround } from '../operate/running-stack';
import { watch } from './look';
import { count, operatorCommand, type Shown } from './operate';

interface OrderOptions {
  readonly sku: string;
  readonly quantity: number;
  readonly token: string;
  readonly customer: string;
  readonly fault?: string;
  readonly orderUrl?: string;
  readonly watch?: true;
  readonly json?: true;
}

const BEGINS_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;

/** `palinode order`: a customer of the shop, to try things out. */
export function orderCommand(): Command {
  return operatorCommand<OrderOptions>('order', 'Places an order in the shop of this repository.', (api, _, options) =>
    order(api, options),
  )
    .option('--sku <sku>', 'the article', 'SKU-CUP')
    .option('--quantity <number>', 'how many of it', count, 1)
    .option('--token <token>', 'how it is paid, such as tok_declined', 'tok_ok')
    .option('--customer <id>', 'who orders', 'ada')
    .option('--fault <faults>', 'what breaks, as in X-Saga-Fault: payment.capture=drop-reply')
    .option('--order-url <url>', 'the order service (default: PALINODE_ORDER_URL, or that of the stack that runs here)')
    .option('--watch', 'follow its saga until it ends or needs a person; the exit code says which');
}

async function order(
  api: AdminApi,
  { sku, quantity, token, customer, fault, ...options }: OrderOptions,
): Promise<Shown> {
  const shop = new OrderService(urlOf(options.orderUrl));
  const lines = [{ sku, quantity }];
  const placed = await shop.place({ customerId: customer, lines, paymentToken: token }, fault);
  const { orderId, sagaId } = placed;
  if (!options.watch)
    return { json: placed, text: [`Order ${orderId} is placed.`, '', nextStep(`palinode watch ${sagaId}`)].join('\n') };
  if (!options.json) console.log(`Order ${orderId}, saga ${sagaId}`);
  await begun(api, sagaId);
  return watch(api, sagaId, options.json === true);
}

function urlOf(given: string | undefined): string {
  const url = given ?? process.env['PALINODE_ORDER_URL'] ?? stackAround(process.cwd())?.orderUrl;
  if (url !== undefined) return httpUrl(url, 'an order service');
  throw new CliError(
    'No order service is named. Give it as --order-url http://host:port or in PALINODE_ORDER_URL, or run the command where the shop runs.',
  );
}

/** Resolves when the orchestrator has begun the saga, whose start may still be on its way. */
async function begun(api: AdminApi, sagaId: string): Promise<void> {
  const until = Date.now() + BEGINS_WITHIN_MS;
  for (;;) {
    try {
      return void (await api.get(`sagas/${sagaId}`));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      if (Date.now() > until)
        throw new CliError(
          `The order is placed, and its saga ${sagaId} has not begun for a minute; see palinode status.`,
          3,
        );
    }
    await sleep(ASK_EVERY_MS);
  }
}
