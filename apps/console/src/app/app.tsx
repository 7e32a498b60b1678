import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Problem } from '../api/problem';
import { settings } from '../settings';
import { router } from './router';
import { WithAccess } from './sign-in';
import { theme, variables } from './theme';

const queries = new QueryClient({
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
