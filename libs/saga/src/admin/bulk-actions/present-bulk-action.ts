import type { BulkAction, DryRun, ItemOfList, ItemPreview, Progress } from '../../bulk-actions';
import { time } from '../time';
import type {
  BulkActionView,
  BulkItemView,
  CommandCountView,
  DryRunView,
  ItemPreviewView,
  SkipCountView,
} from './bulk-action.view';

const SHOWN = 20;

export function bulkActionViewOf(bulkAction: BulkAction, { items, outcomes }: Progress): BulkActionView {
  const { id, order, where, by, reason, createdAt, endedAt, status, why, total, canary, canaryPassed } = bulkAction;
  return {
    id,
    action: order.action,
    on: order.on,
    where,
    step: 'step' in order ? order.step : undefined,
    operator: by,
    reason,
    createdAt: time(createdAt),
    endedAt: time(endedAt),
    status,
    why,
    total,
    canary,
    canaryPassed,
    ratePerSecond: bulkAction.rate,
    stopOnFailure: bulkAction.stopOnFailure,
    items,
    outcomes: { pending: outcomes.pending, asMeant: outcomes['as-meant'], otherwise: outcomes.otherwise },
  };
}

export function itemViewOf({ targetId: id, at, ...rest }: ItemOfList): BulkItemView {
  return { id, at: time(at), ...rest };
}

export function dryRunViewOf({ matched, previews }: DryRun): DryRunView {
  return {
    matched,
    tried: previews.length,
    effective: previews.filter(({ skipped }) => skipped === undefined).length,
    skipped: skipCounts(previews),
    commands: commandCounts(previews),
    items: previews.slice(0, SHOWN).map(previewViewOf),
  };
}

function previewViewOf({ targetId: id, skipped, commands }: ItemPreview): ItemPreviewView {
  return {
    id,
    skipped: skipped?.reason,
    detail: skipped?.detail,
    commands: commands.map(({ command, step, direction, attempt, again }) => ({
      command,
      step,
      direction,
      attempt,
      again,
    })),
  };
}

function skipCounts(previews: readonly ItemPreview[]): SkipCountView[] {
  const counts = new Map<string, SkipCountView>();
  for (const { skipped } of previews) {
    if (skipped === undefined) continue;
    const of = counts.get(skipped.reason) ?? { ...skipped, count: 0 };
    counts.set(skipped.reason, { ...of, count: of.count + 1 });
  }
  return [...counts.values()];
}

function commandCounts(previews: readonly ItemPreview[]): CommandCountView[] {
  const counts = new Map<string, CommandCountView>();
  for (const { command, direction } of previews.flatMap(({ commands }) => commands)) {
    const key = `${direction} ${command}`;
    counts.set(key, { command, direction, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
