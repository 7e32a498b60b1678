import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { admin, dataOf } from '../../api/client';
import { BusyButton } from '../../parts/busy-button';
import { StateBadge } from '../../parts/state-badge';
import { count } from '../../parts/texts';

/** Recomputes the chain of the operator log, when somebody asks for it. */
export function Verification() {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['operator-actions', 'verification'],
    queryFn: () => dataOf(admin.GET('/v1/operator-actions/verification')),
    enabled: false,
  });
  return (
    <Group gap="xs" role="status">
      {error ? (
        <Text size="sm" c="var(--state-paused)">
          {error.message}
        </Text>
      ) : data?.status === 'intact' ? (
        <>
          <StateBadge word="intact" color="completed" sign="✓" />
          {data.last && (
            <Text size="xs" c="dimmed" title={data.last.hash}>
              to no. {count(data.last.position)}, {data.last.hash.slice(0, 12)}…
            </Text>
          )}
        </>
      ) : data?.broken ? (
        <>
          <StateBadge word="changed" color="paused" sign="!" />
          <Text size="xs">
            at no. {count(data.broken.position)}: {data.broken.problem}
          </Text>
        </>
      ) : null}
      <BusyButton size="xs" variant="default" busy={isFetching} onClick={() => void refetch()}>
        Verify
      </BusyButton>
    </Group>
  );
}
