import { Text, type TextProps } from '@mantine/core';
import type { CSSProperties } from 'react';
import { cut } from './wording';

export { count, counted, cut } from './wording';

/** How many characters of a text are drawn; a word of 10 KB would make every page slow. */
const MOST_SHOWN = 300;

/**
 * A text from a message or a person: isolated, so that right-to-left letters do not reorder what is beside it, and cut
 * when it is long; the title has more of it.
 */
export function Words({ children, most = MOST_SHOWN }: { readonly children: string; readonly most?: number }) {
  return <bdi title={children.length > most ? children.slice(0, 2_000) : undefined}>{cut(children, most)}</bdi>;
}

/** One line that ends in … where there is no room. */
export function Line({ children, ...rest }: TextProps & { readonly children: string; readonly style?: CSSProperties }) {
  return (
    <Text size="sm" truncate="end" inherit title={children.slice(0, 2_000)} {...rest}>
      <bdi>{cut(children, MOST_SHOWN)}</bdi>
    </Text>
  );
}
