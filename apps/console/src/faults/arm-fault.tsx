import { Checkbox, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Admin } from '../api/schemas';
import { ActButton } from '../parts/act-button';
import { ScreenError } from '../parts/screen-error';
import { effectText, faultText, pointText, usualMs } from './fault-text';
import { useArming, type Catalog } from './use-faults';

type Point = Admin['FaultRequest']['point'];
type Effect = Admin['EffectRequest']['type'];

const TTL = '10m';

/** Chooses what breaks at one command of a service, and arms it. */
export function ArmFault({
  catalog,
  service,
  command,
  subject,
  onArmed,
}: {
  readonly catalog: Catalog;
  readonly service: string;
  readonly command: string;
  /** Offers to strike the sagas of this business key only. */
  readonly subject?: string | undefined;
  readonly onArmed?: () => void;
}) {
  const points = catalog.possible.participant;
  const [point, setPoint] = useState<Point>('before-publish');
  const [effect, setEffect] = useState<Effect>('drop-reply');
  const [reason, setReason] = useState<string | null>(null);
  const [ms, setMs] = useState(usualMs);
  const [count, setCount] = useState(1);
  const [every, setEvery] = useState(false);
  const [isOnlyOfSubject, setOnlyOfSubject] = useState(true);
  const { arm } = useArming();
  const refusals = catalog.commands.find(({ name }) => name === command)?.refusals ?? [];
  const effects = (points[point] ?? []).filter((each) => each !== 'refuse' || refusals.length > 0);
  const chosen = effects.includes(effect) ? effect : (effects[0] ?? 'delay');
  const fault: Admin['FaultRequest'] = {
    service,
    command,
    point,
    ttl: TTL,
    ...(subject !== undefined && isOnlyOfSubject ? { subject } : {}),
    ...(count > 0 ? { count } : {}),
    ...(every ? { every } : {}),
    effect: {
      type: chosen,
      ...(ms[chosen] === undefined ? {} : { ms: ms[chosen] }),
      ...(chosen === 'refuse' ? { reason: reason ?? refusals[0] ?? '' } : {}),
    },
  };
  return (
    <Stack gap="sm">
      <Select
        label="When"
        allowDeselect={false}
        data={catalog.points.map((value) => ({ value, label: pointText[value] }))}
        value={point}
        onChange={(value) => setPoint(value as Point)}
      />
      <Select
        label="What happens"
        allowDeselect={false}
        data={effects.map((value) => ({ value, label: `the command ${effectText[value]}` }))}
        value={chosen}
        onChange={(value) => setEffect(value as Effect)}
      />
      {chosen === 'refuse' && (
        <Select
          label="Why"
          allowDeselect={false}
          data={refusals}
          value={reason ?? refusals[0] ?? null}
          onChange={setReason}
        />
      )}
      {usualMs[chosen] !== undefined && (
        <NumberInput
          label="By how many milliseconds"
          min={1}
          value={ms[chosen]}
          onChange={(value) => setMs({ ...ms, [chosen]: Number(value) })}
        />
      )}
      <NumberInput
        label="How often"
        description="0: until it is disarmed"
        min={0}
        value={count}
        onChange={(value) => setCount(Number(value))}
      />
      <Checkbox
        label="Also when the same message comes again"
        checked={every}
        onChange={(event) => setEvery(event.currentTarget.checked)}
      />
      {subject !== undefined && (
        <Checkbox
          label={`Only for ${subject}`}
          checked={isOnlyOfSubject}
          onChange={(event) => setOnlyOfSubject(event.currentTarget.checked)}
        />
      )}
      <Text size="sm" c="dimmed">
        {faultText(fault)}. It ends by itself after 10 minutes.
      </Text>
      {arm.error && <ScreenError error={arm.error} />}
      <Group>
        <ActButton color="red" busy={arm.isPending} onClick={() => arm.mutate(fault, { onSuccess: () => onArmed?.() })}>
          Arm the fault
        </ActButton>
      </Group>
    </Stack>
  );
}
