import { EmptyState } from '@mantine/core';
import { CheckCircleIcon } from '@primer/octicons-react';
import type { ReactNode } from 'react';

/** In place of a list that has nothing, with what that means. */
export function Nothing({
  title,
  children,
  icon = <CheckCircleIcon size={24} />,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
}) {
  return <EmptyState role="status" py="xl" size="sm" icon={icon} title={title} description={children} />;
}
