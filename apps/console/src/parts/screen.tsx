import './screen.css';
import { Group, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import { cut } from './texts';

/** Whether a screen was shown since the page was loaded. */
let wasScreenShown = false;

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
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The focused element was removed with the screen before: the keyboard continues at this heading, not at the top.
    if (wasScreenShown && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    wasScreenShown = true;
  }, []);
  return (
    <Stack gap="sm" className={fills ? 'screen-fills' : undefined}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h3" ref={heading} tabIndex={-1}>
          <bdi>{title}</bdi>
        </Title>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
