import { Button, Loader, type ButtonProps } from '@mantine/core';
import type { ComponentProps } from 'react';

/**
 * A button that shows that what it began is under way. It is not disabled meanwhile, which would lose the focus: clicks
 * are ignored, and so is the second of a double click. The form of a submit button must itself ignore a second Enter.
 */
export function BusyButton({
  busy,
  leftSection,
  onClick,
  ...props
}: Omit<ButtonProps, 'loading'> & Omit<ComponentProps<'button'>, keyof ButtonProps> & { readonly busy: boolean }) {
  return (
    <Button
      {...props}
      aria-busy={busy}
      leftSection={busy ? <Loader size={12} color="currentColor" aria-hidden /> : leftSection}
      onClick={(event) => {
        if (busy || event.detail > 1) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
