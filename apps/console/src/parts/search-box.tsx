import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { SearchIcon } from '@primer/octicons-react';
import { useEffect, useRef, useState } from 'react';

/** A text to search for; it takes effect while one types. */
export function SearchBox({
  label,
  placeholder,
  value,
  onChange,
  least = 1,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** How many characters the search needs. */
  readonly least?: number;
}) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // The value also changes by the browser's history, and by a saved view.
    if (value !== told.current) setTyped(value);
    told.current = value;
  }, [value]);
  const tell = useDebouncedCallback((text: string) => {
    told.current = text;
    onChange(text);
  }, 250);
  const change = (text: string): void => {
    setTyped(text);
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.length >= least) tell(trimmed);
  };
  const short = typed.trim() !== '' && typed.trim().length < least;
  return (
    <TextInput
      type="search"
      size="xs"
      w={280}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon size={14} />}
      rightSection={
        typed === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={() => change('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      title={short ? `${least} characters or more` : undefined}
    />
  );
}
