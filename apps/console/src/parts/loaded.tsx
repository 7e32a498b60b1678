import { Skeleton, Stack, Text } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ScreenError } from './screen-error';

/** Shows what a query read; before that its outline, and on a failure the reason. Old data stay beside a new failure. */
export function Loaded<Data>({
  query,
  isEmpty,
  empty,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly isEmpty?: (data: Data) => boolean;
  /** What to say when there is nothing. */
  readonly empty?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}) {
  const { data, error, refetch } = query;
  const failed = error !== null && <ScreenError error={error} reset={() => void refetch()} />;
  if (data === undefined) {
    return failed || <Outline />;
  }
  return (
    <>
      {failed}
      {isEmpty?.(data) === true ? empty : children(data)}
    </>
  );
}

/** How long an answer may take before a person wonders. */
const SLOW_MS = 2_000;

function Outline() {
  const [isSlow, setSlow] = useState(false);
  useTimeout(() => setSlow(true), SLOW_MS, { autoInvoke: true });
  return (
    <Stack gap="xs" role="status" aria-label="Loading">
      <Skeleton height={28} />
      <Skeleton height={28} />
      <Skeleton height={28} width="70%" />
      {isSlow && (
        <Text size="sm" c="dimmed">
          The orchestrator has not answered yet.
        </Text>
      )}
    </Stack>
  );
}
