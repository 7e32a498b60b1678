import './screen.css';
import { Group, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { cut } from './texts';

/** A screen with its title, which is also the tab's. */
export function Screen({
  title,
  actions,
  fills = false,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  /** Whether a list fills what the window has left. */
  readonly fills?: boolean;
  readonly children: ReactNode;
}) {
  useDocumentTitle(`${cut(title, 80)} · Palinode`);
  return (
    <Stack gap="sm" className={fills ? 'screen-fills' : undefined}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h3">
          <bdi>{title}</bdi>
        </Title>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
