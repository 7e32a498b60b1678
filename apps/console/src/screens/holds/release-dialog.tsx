import { NumberInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin, dataOf, type Admin } from '../../api/client';
import { ActionDialog } from '../../parts/action-dialog';
import { operatorHeader } from '../../parts/operator';
import { counted } from '../../parts/texts';

/** Ends a hold: the sagas that wait for it go on, so many in a second. */
export function ReleaseDialog({ hold, onClose }: { readonly hold: Admin['HoldView']; readonly onClose: () => void }) {
  const [rate, setRate] = useState<number | string>('');
  const queries = useQueryClient();
  return (
    <ActionDialog
      opened
      onClose={onClose}
      title={`Release ${counted(hold.waiting.sagas, 'saga')}`}
      confirm="Release"
      explanation="The hold ends, and what was held is sent."
      send={({ reason, operator }) =>
        dataOf(
          admin.DELETE('/v1/holds/{id}', {
            params: {
              path: { id: hold.id },
              query: { reason, rate: typeof rate === 'number' ? rate : undefined },
              header: operatorHeader(operator),
            },
          }),
        )
      }
      onDone={() => void queries.invalidateQueries()}
    >
      {(problemAt) => (
        <NumberInput
          label="Sagas per second, of each instance"
          placeholder="twice as many as are answered"
          min={1}
          value={rate}
          error={problemAt('rate')}
          onChange={setRate}
        />
      )}
    </ActionDialog>
  );
}
