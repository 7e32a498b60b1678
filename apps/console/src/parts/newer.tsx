import { Button } from '@mantine/core';
import { SyncIcon } from '@primer/octicons-react';
import type { LiveList } from './use-live-list';

/** Says that a list has changed since it was read, and reads it anew. */
export function Newer({ live }: { readonly live: LiveList }) {
  if (!live.hasChanges) return null;
  return (
    <Button size="xs" variant="light" leftSection={<SyncIcon size={14} />} onClick={live.show}>
      Show changes
    </Button>
  );
}
