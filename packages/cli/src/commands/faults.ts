/* Faults on demand: what is armed, what struck, and what can be broken. Only stacks for development and tests have them. */
import { Command } from 'commander';
import { CliError } from '../cli-error';
import type { AdminApi } from '../operate/admin-api';
import { findSaga } from '../operate/find-saga';
import { oneOf } from '../operate/one-of';
import { ago, columns, nextStep } from '../operate/output';
import { ApiError } from '../operate/request';
import type { FaultCatalogView, FaultHitView, FaultView } from '../operate/views';
import { count, operatorCommand, type Shown } from './operate';

interface ArmOptions {
  readonly service?: string;
  readonly point?: string;
  readonly direction?: string;
  readonly subject?: string;
  readonly attempt?: number;
  readonly count?: number;
  readonly for?: string;
  readonly ms?: number;
  readonly refusal?: string;
  readonly probability?: string;
  readonly skip?: number;
  readonly every?: true;
}

export function faultsCommand(): Command {
  return new Command('faults')
    .description('Shows and arms faults, in a stack for development.')
    .showHelpAfterError()
    .addCommand(
      faultCommand('list', 'Shows the armed faults.', (api) => list(api)),
      { isDefault: true },
    )
    .addCommand(
      faultCommand<ArmOptions>(
        'arm <command-or-service> <effect>',
        'Arms a fault, such as: payment.capture drop-reply --count 1.',
        (api, [what, effect], options) => arm(api, what, effect, options),
      )
        .option('--service <name>', 'in whose process, when it is not that of the command')
        .option('--point <point>', 'where on its way (default: the usual point of the effect)')
        .option('--direction <direction>', 'action or compensation')
        .option('--subject <key>', 'only this business key')
        .option('--attempt <number>', 'only this attempt', count)
        .option('--count <number>', 'how many messages it strikes', count)
        .option('--for <duration>', 'ends by itself after this time, such as 10m')
        .option('--ms <number>', 'how long: of delay, hang and late-reply', count)
        .option('--refusal <reason>', 'of refuse: a reason that the command declares')
        .option('--probability <share>', 'which share of business keys, such as 0.2')
        .option('--skip <number>', 'how many messages pass first', count)
        .option('--every', 'strikes a message each time that it comes'),
    )
    .addCommand(
      faultCommand<{ all?: true }>('disarm [fault]', 'Disarms one fault, or --all.', (api, [id], { all }) =>
        all ? disarmAll(api) : disarm(api, id),
      ).option('--all', 'every fault; what struck is forgotten'),
    )
    .addCommand(
      faultCommand<{ saga?: string; limit: number }>(
        'hits',
        'Shows what struck, the newest first.',
        (api, _, { saga, limit }) => hits(api, saga, limit),
      )
        .option('--saga <id>', 'only those of this saga')
        .option('--limit <number>', 'how many at most', count, 20),
    )
    .addCommand(faultCommand('catalog', 'Shows what can be broken, where and how.', (api) => catalog(api)));
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- commander does not type its options
function faultCommand<Options extends object = object>(
  ...[usage, description, run]: Parameters<typeof operatorCommand<Options>>
): Command {
  return operatorCommand<Options>(usage, description, async (api, given, options) => {
    try {
      return await run(api, given, options);
    } catch (error) {
      // Where faults cannot be armed there is no such route, and nothing says more than that.
      if (error instanceof ApiError && error.status === 404 && !(await hasFaults(api)))
        throw new CliError('Faults cannot be armed here: this orchestrator has none, as in production.');
      throw error;
    }
  });
}

async function hasFaults(api: AdminApi): Promise<boolean> {
  try {
    await api.get('faults/catalog');
    return true;
  } catch {
    return false;
  }
}

async function list(api: AdminApi): Promise<Shown> {
  const { body } = await api.get<{ items: readonly FaultView[] }>('faults');
  if (body.items.length === 0)
    return { json: body, text: ['No fault is armed.', '', nextStep('palinode faults catalog')].join('\n') };
  const rows = body.items.map((each) => [
    shortId(each),
    whatOf(each),
    each.point,
    each.effect.type,
    `${each.hits}${each.count === undefined ? '' : ` of ${each.count}`}`,
    each.expiresAt === undefined ? '' : ago(each.expiresAt),
  ]);
  const text = [
    columns(['fault', 'strikes', 'point', 'effect', 'hits', 'ends'], rows),
    '',
    nextStep('palinode faults hits, palinode faults disarm <fault>'),
  ];
  return { json: body, text: text.join('\n') };
}

function whatOf({ service, command = `everything of ${service}`, subject, attempt }: FaultView): string {
  return [command, subject, attempt === undefined ? undefined : `attempt ${attempt}`].filter(Boolean).join(', ');
}

/** `what` is a command, or a service for all of its commands. */
async function arm(api: AdminApi, what = '', type = '', options: ArmOptions): Promise<Shown> {
  const { service = what.split('.')[0], point, for: ttl, ms, refusal, probability } = options;
  const { body: known } = await api.get<FaultCatalogView>('faults/catalog');
  const fault = await api.post<FaultView>('faults', {
    service,
    command: what === service ? undefined : what,
    point: point ?? known.usualPoints[type] ?? known.points[0],
    effect: { type, ms, reason: refusal },
    probability: probability === undefined ? undefined : Number(probability),
    ttl,
    ...ruleOf(options),
  });
  const text = [
    `${fault.effect.type} is armed at ${fault.point} of ${whatOf(fault)}.`,
    '',
    nextStep(`palinode faults hits, palinode faults disarm ${shortId(fault)}`),
  ];
  return { json: fault, text: text.join('\n') };
}

/** Without what is meant for the command line alone. */
function ruleOf({ direction, subject, attempt, count: most, skip, every }: ArmOptions): object {
  return { direction, subject, attempt, count: most, skip, every };
}

async function disarm(api: AdminApi, id: string | undefined): Promise<Shown> {
  if (id === undefined) throw new CliError('Name a fault, or give --all; see palinode faults.');
  const { body } = await api.get<{ items: readonly FaultView[] }>('faults');
  const fault = oneOf(body.items, id, { thing: 'armed fault', list: 'palinode faults' });
  await api.delete(`faults/${fault.id}`);
  const text = [`${fault.effect.type} of ${whatOf(fault)} is disarmed; it struck ${fault.hits} times.`, '', NEXT];
  return { json: fault, text: text.join('\n') };
}

const NEXT = nextStep('palinode status');

async function disarmAll(api: AdminApi): Promise<Shown> {
  const { body } = await api.get<{ items: readonly FaultView[] }>('faults');
  await api.post('faults/reset', {});
  return { json: body, text: [`Disarmed: ${body.items.length}.`, '', NEXT].join('\n') };
}

async function hits(api: AdminApi, saga: string | undefined, limit: number): Promise<Shown> {
  const sagaId = saga === undefined ? undefined : (await findSaga(api, saga)).id;
  const { body } = await api.get<{ items: readonly FaultHitView[] }>('faults/hits', { sagaId, limit });
  const [newest] = body.items;
  if (newest === undefined) return { json: body, text: 'Nothing struck.' };
  const rows = body.items.map((each) => [ago(each.at), each.effect, each.point, each.command, each.sagaId]);
  const text = [
    columns(['since', 'effect', 'point', 'command', 'saga'], rows),
    '',
    nextStep(`palinode saga ${newest.sagaId}`),
  ];
  return { json: body, text: text.join('\n') };
}

async function catalog(api: AdminApi): Promise<Shown> {
  const { body } = await api.get<FaultCatalogView>('faults/catalog');
  const commands = body.commands.map(({ name, directions, refusals }) => [
    name,
    directions.join(', '),
    refusals.join(', '),
  ]);
  const places = Object.entries(body.possible).flatMap(([role, points]) =>
    Object.entries(points).map(([point, effects]) => [role, point, effects.join(', ')]),
  );
  const text = [
    columns(['command', 'directions', 'refusals'], commands),
    '',
    columns(['in', 'point', 'effects'], places),
    '',
    nextStep('palinode faults arm <command> <effect> --count 1 --for 10m'),
  ];
  return { json: body, text: text.join('\n') };
}

function shortId({ id }: FaultView): string {
  return id.slice(0, 13);
}
