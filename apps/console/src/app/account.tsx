import { Button, Menu } from '@mantine/core';
import { PersonIcon } from '@primer/octicons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { admin } from '../api/client';
import { useSession } from '../parts/session';

/** Who is signed in, and the way out; nothing where access is open. */
export function Account() {
  const queries = useQueryClient();
  const { data } = useSession();
  const signOut = useMutation({
    mutationFn: () => admin.DELETE('/v1/session'),
    onSuccess: () => queries.resetQueries(),
  });
  if (data?.name === undefined) return undefined;
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<PersonIcon size={16} />}>
          {data.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Your role is {data.role}</Menu.Label>
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
