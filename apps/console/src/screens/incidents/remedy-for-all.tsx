import { useState } from 'react';
import type { Admin } from '../../api/schemas';
import { ActButton } from '../../parts/act-button';
import { BulkDialog, wordOf, type BulkAction } from '../../parts/bulk-dialog';
import { count } from '../../parts/texts';

/** One action on the sagas of all incidents, where the same helps in each of them. */
export function RemedyForAll({
  incidents: { items, incidents, sagas },
}: {
  readonly incidents: Admin['IncidentList'];
}) {
  const [action, setAction] = useState<BulkAction>();
  const [remedy, ...others] = new Set(items.map((incident) => incident.remedy.action));
  const isForAll = others.length === 0 && items.length > 1 && items.length === incidents;
  return (
    <>
      {remedy !== undefined && isForAll && (
        <ActButton size="xs" onClick={() => setAction(remedy)}>
          {wordOf(remedy)} all {count(sagas)}
        </ActButton>
      )}
      <BulkDialog action={action} target={{ where: { status: ['PAUSED'] } }} onClose={() => setAction(undefined)} />
    </>
  );
}
