import { Alert, Center, Paper, PasswordInput, Skeleton, Stack, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { admin, dataOf } from '../api/client';
import { Problem } from '../api/problem';
import { BusyButton } from '../parts/busy-button';
import { ScreenError } from '../parts/screen-error';
import { useSession } from '../parts/session';

/** Shows the console to who may use it, and asks others for a key. */
export function WithAccess({ children }: { readonly children: ReactNode }) {
  const { data, error } = useSession();
  if (data === undefined && error === null) {
    return (
      <Center h="100vh">
        <Skeleton height={28} width={240} role="status" aria-label="Loading" />
      </Center>
    );
  }
  if (!(error instanceof Problem && error.status === 401)) return children;
  return error.members['signsInByKey'] === true ? <SignIn /> : <ScreenError error={error} />;
}

function SignIn() {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: (given: string) => dataOf(admin.POST('/v1/session', { body: { key: given } })),
    onSuccess: () => queries.resetQueries(),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate(key.trim());
  };
  return (
    <Center component="main" h="100vh" p="md">
      <Paper withBorder p="xl" maw={420} w="100%" component="form" onSubmit={submit}>
        <Stack>
          <Title order={1} size="h2">
            Palinode
          </Title>
          <PasswordInput
            label="Your key"
            description="palinode keys create makes one"
            autoComplete="current-password"
            value={key}
            onChange={({ currentTarget }) => setKey(currentTarget.value)}
            data-autofocus
            required
          />
          {signIn.error && (
            <Alert role="alert" color="red" variant="light">
              {signIn.error.message}
            </Alert>
          )}
          <BusyButton type="submit" busy={signIn.isPending}>
            Sign in
          </BusyButton>
        </Stack>
      </Paper>
    </Center>
  );
}
