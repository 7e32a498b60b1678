import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { counted } from './wording';

/** How many rows are drawn at first, and by each press of the button: a row may hold much text. */
const ROWS_AT_ONCE = 50;

/** The first rows of many, and a button for more. */
export function ShowMore<Row>({
  rows,
  noun,
  plural,
  children,
}: {
  readonly rows: readonly Row[];
  readonly noun: string;
  readonly plural?: string;
  readonly children: (shown: readonly Row[]) => ReactNode;
}) {
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  return (
    <>
      {children(rows.slice(0, shown))}
      {rows.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + ROWS_AT_ONCE)}>
          Show more ({counted(rows.length - shown, noun, plural)} left)
        </Button>
      )}
    </>
  );
}
