import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Problem } from '../api/problem';
import { SESSION } from '../parts/session';
import { settings } from '../settings';
import { router } from './router';
import { WithAccess } from './sign-in';
import { theme, variables } from './theme';

const isUnauthenticated = (error: unknown): boolean => error instanceof Problem && error.status === 401;

/** Reads the session again after any 401, which leads to the page for the key: a key may be withdrawn at any time. */
function onError(error: Error): void {
  // After the session's own 401 it is not read again: that would repeat without end.
  if (!isUnauthenticated(error) || isUnauthenticated(queries.getQueryState(SESSION)?.error)) return;
  void queries.invalidateQueries({ queryKey: SESSION });
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      // Changes arrive by the stream.
      staleTime: 30_000,
      // What the server refuses, it refuses again.
      retry: (count, error) => count < 3 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
  },
});

const nonce = (): string => settings.nonce ?? '';

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={nonce}>
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <WithAccess>
          <RouterProvider router={router} />
        </WithAccess>
      </QueryClientProvider>
    </MantineProvider>
  );
}
