import { Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
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
    return (
      failed || (
        <Stack gap="xs" role="status" aria-label="Loading">
          <Skeleton height={28} />
          <Skeleton height={28} />
          <Skeleton height={28} width="70%" />
        </Stack>
      )
    );
  }
  return (
    <>
      {failed}
      {isEmpty?.(data) === true ? <Text c="dimmed">{empty}</Text> : children(data)}
    </>
  );
}
