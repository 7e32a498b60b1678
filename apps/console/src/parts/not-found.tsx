import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Stack>
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text>
        The address names no screen of the console.{' '}
        <Anchor component={Link} to="/" underline="always">
          See what happens now
        </Anchor>
        .
      </Text>
    </Stack>
  );
}
