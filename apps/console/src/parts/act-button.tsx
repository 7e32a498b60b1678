import { Tooltip } from '@mantine/core';
import type { ComponentProps } from 'react';
import { BusyButton } from './busy-button';
import { useWhyNotAct } from './session';

interface ActButtonProps extends Omit<ComponentProps<typeof BusyButton>, 'busy' | 'disabled' | 'title'> {
  /** Whether what it began is under way. @default false */
  readonly busy?: boolean;
  /** Why it cannot be used now. @default it can, by who may act */
  readonly whyNot?: string | undefined;
  /** What to know before it is pressed. */
  readonly hint?: string | undefined;
}

/**
 * A button that acts, or opens the dialog of an action. While it cannot be used it can still have the focus, so that the
 * keyboard and a touch learn why not, too.
 */
export function ActButton({ busy = false, whyNot: ownWhyNot, hint, onClick, ...props }: ActButtonProps) {
  const whyNot = useWhyNotAct() ?? ownWhyNot;
  const isOff = whyNot !== undefined;
  const label = whyNot ?? hint;
  return (
    <Tooltip
      label={label}
      disabled={label === undefined}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      <BusyButton
        {...props}
        busy={busy}
        aria-disabled={isOff || undefined}
        data-disabled={isOff || undefined}
        onClick={isOff ? undefined : onClick}
      />
    </Tooltip>
  );
}
