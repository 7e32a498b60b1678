import { Alert, Button, Stack, Text } from '@mantine/core';
import { Problem } from '../api/problem';

/** Shown in place of what could not be read, with the reason and a way to try again. */
export function ScreenError({ error, reset }: { readonly error: unknown; readonly reset?: () => void }) {
  const offline = error instanceof Problem && error.isWithoutAnswer;
  const title = offline ? 'The orchestrator does not answer' : error instanceof Problem ? error.title : 'This failed';
  const detail = error instanceof Error ? error.message : String(error);
  return (
    <Alert role="alert" color="red" title={title} variant="light">
      <Stack gap="xs" align="start">
        <Text size="sm">{offline ? `It is tried again. (${detail})` : detail}</Text>
        {reset && (
          <Button size="xs" variant="default" onClick={reset}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
