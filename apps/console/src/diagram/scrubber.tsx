import { ActionIcon, Group, Slider, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useEffect } from 'react';

const STEP_EVERY_MS = 700;

interface ScrubberProps {
  /** The number of the last entry. */
  readonly last: number;
  readonly at: number;
  readonly onChange: (seq: number) => void;
}

/** Plays a saga back, entry by entry. */
export function Scrubber({ last, at, onChange }: ScrubberProps) {
  const playing = useInterval(() => onChange(Math.min(last, at + 1)), STEP_EVERY_MS);
  const { active, stop } = playing;
  useEffect(() => {
    if (active && at >= last) stop();
  }, [active, stop, at, last]);
  const play = (): void => {
    if (!active && at >= last) onChange(1);
    playing.toggle();
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <ActionIcon variant="default" aria-label="One entry back" disabled={at <= 1} onClick={() => onChange(at - 1)}>
        ‹
      </ActionIcon>
      <ActionIcon variant="default" aria-label={active ? 'Stop' : 'Play it back'} onClick={play}>
        {active ? '■' : '▶'}
      </ActionIcon>
      <ActionIcon variant="default" aria-label="One entry on" disabled={at >= last} onClick={() => onChange(at + 1)}>
        ›
      </ActionIcon>
      <Slider
        flex={1}
        min={1}
        max={Math.max(2, last)}
        value={at}
        onChange={(seq) => onChange(Math.min(seq, last))}
        label={null}
        thumbLabel="Entry of the history"
      />
      <Text size="sm" miw={72} ta="right">
        {at} of {last}
      </Text>
    </Group>
  );
}
