import { Progress } from '@mantine/core';
import type { Admin } from '../../api/schemas';
import { StateBadge, type StateColor } from '../../parts/state-badge';
import { count } from '../../parts/texts';

type BulkActionView = Admin['BulkActionView'];

const LOOKS: Readonly<Record<BulkActionView['status'], { readonly color: StateColor; readonly sign: string }>> = {
  running: { color: 'running', sign: '▶' },
  waiting: { color: 'held', sign: '◷' },
  paused: { color: 'paused', sign: '‖' },
  completed: { color: 'completed', sign: '✓' },
  stopped: { color: 'ignored', sign: '■' },
};

export function BulkStatus({ status }: Pick<BulkActionView, 'status'>) {
  return <StateBadge word={status} {...LOOKS[status]} />;
}

/** How far a bulk action is: what took effect, what was skipped, what failed. */
export function BulkProgress({ bulkAction: { items, total } }: { readonly bulkAction: BulkActionView }) {
  const share = (part: number): number => (total === 0 ? 0 : (part / total) * 100);
  const done = total - items.pending;
  return (
    <Progress.Root size={10} aria-label={`${count(done)} of ${count(total)}`}>
      <Progress.Section value={share(items.done)} color="var(--state-completed)" aria-label="done" />
      <Progress.Section value={share(items.skipped)} color="var(--state-ignored)" aria-label="skipped" />
      <Progress.Section value={share(items.failed)} color="var(--state-paused)" aria-label="failed" />
    </Progress.Root>
  );
}
