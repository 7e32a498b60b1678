import { Group, NumberInput, Paper, Select, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { dataOf, order } from '../../api/client';
import { BusyButton } from '../../parts/busy-button';
import { Loaded } from '../../parts/loaded';
import { notifyFailure } from '../../parts/notify-failure';
import { cards } from './cards';
import { money } from './money';
import { articles, type Lines } from './articles';
import { placeOrder } from './place-order';
import styles from './shop.module.css';

/** How often the trickle places an order. */
const TRICKLE_MS = 2_000;

/** Places orders: one, several at once, or one every two seconds. */
export function OrderForm({ onPlaced }: { readonly onPlaced: (orderId: string) => void }) {
  const [lines, setLines] = useState<Lines>({ 'SKU-CUP': 1 });
  const [token, setToken] = useState('tok_ok');
  const [count, setCount] = useState(10);
  const [trickles, setTrickles] = useState(false);
  const catalogue = useQuery({
    queryKey: ['catalogue'],
    queryFn: () => dataOf(order.GET('/catalogue')),
    staleTime: Infinity,
  });
  const place = usePlacing(() => placeOrder({ lines, token }), onPlaced);
  const several = usePlacing(
    () => Promise.all(Array.from({ length: count }, () => placeOrder({ lines, token }))).then((all) => all[0]),
    onPlaced,
  );
  useTrickle(trickles, () => void placeOrder({ lines, token }).catch(() => setTrickles(false)));
  const chosen = Object.values(lines).some((quantity) => quantity > 0);

  return (
    <Paper withBorder p="md" component="section" aria-labelledby="order-form">
      <Stack gap="sm">
        <Title order={2} size="h4" id="order-form">
          Place an order
        </Title>
        <Loaded query={catalogue}>
          {({ items }) => (
            <Table verticalSpacing={4} horizontalSpacing="xs" aria-label="Articles">
              <Table.Tbody>
                {items.map(({ sku, name, priceCents, currency }) => (
                  <Table.Tr key={sku}>
                    <Table.Td>
                      <Text size="sm">{name}</Text>
                    </Table.Td>
                    <Table.Td ta="right">
                      <Text size="sm" c="dimmed" className={styles.number}>
                        {money(priceCents, currency)}
                      </Text>
                    </Table.Td>
                    <Table.Td w={80}>
                      <NumberInput
                        size="xs"
                        min={0}
                        max={100}
                        aria-label={`How many: ${name}`}
                        value={lines[sku] ?? 0}
                        onChange={(quantity) => setLines({ ...lines, [sku]: Number(quantity) })}
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Loaded>
        <Select
          label="Paid by"
          data={cards.map(({ token: value, label }) => ({ value, label }))}
          value={token}
          allowDeselect={false}
          onChange={(value) => setToken(value ?? 'tok_ok')}
          description={cards.find((card) => card.token === token)?.effect}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <BusyButton disabled={!chosen} busy={place.isPending} onClick={() => place.mutate()}>
          Place the order{totalOf(catalogue.data?.items, lines)}
        </BusyButton>
        <Group gap="xs" align="center">
          <NumberInput
            size="xs"
            w={76}
            min={2}
            max={200}
            aria-label="How many orders at once"
            value={count}
            onChange={(value) => setCount(Math.max(1, Number(value)))}
          />
          <BusyButton
            size="xs"
            variant="default"
            disabled={!chosen}
            busy={several.isPending}
            onClick={() => several.mutate()}
          >
            Place {count} at once
          </BusyButton>
        </Group>
        <Switch
          size="sm"
          label="A steady trickle: one order every 2 s while this page is open"
          checked={trickles}
          disabled={!chosen}
          onChange={(event) => setTrickles(event.currentTarget.checked)}
        />
      </Stack>
    </Paper>
  );
}

function totalOf(items: Parameters<typeof articles>[0], lines: Lines): string {
  const cents = articles(items, lines).reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
  return cents === 0 ? '' : `: ${money(cents)}`;
}

function usePlacing(place: () => Promise<{ orderId: string } | undefined>, onPlaced: (orderId: string) => void) {
  return useMutation({
    mutationFn: place,
    onSuccess: (placed) => placed && onPlaced(placed.orderId),
    onError: notifyFailure('Nothing was ordered'),
  });
}

function useTrickle(on: boolean, place: () => void): void {
  useEffect(() => {
    if (on) place();
    const each = on ? setInterval(place, TRICKLE_MS) : undefined;
    return () => clearInterval(each);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what is ordered is read when the trickle is switched on
  }, [on]);
}
