import { Alert, Anchor, Button, Group, NumberInput, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { dataOf, order, type Shop } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { BusyButton } from '../../parts/busy-button';
import { Loaded } from '../../parts/loaded';
import { notifyFailure } from '../../parts/notify-failure';
import { Screen } from '../../parts/screen';
import { Time } from '../../parts/time';
import { LiveSaga } from './live-saga';
import { money } from './money';
import { OrderStatus } from './order-status';
import { ORDERS } from './orders';
import styles from './shop.module.css';

/** An order: what the customer sees and can do, with its sagas beside it. */
export function ShopOrder() {
  const { id } = useParams({ from: '/shop/orders/$id' });
  const query = useQuery({
    queryKey: [...ORDERS, id],
    queryFn: () => dataOf(order.GET('/orders/{id}', { params: { path: { id } } })),
  });
  const revisions = useQuery({
    queryKey: [...ORDERS, id, 'revisions'],
    queryFn: () => dataOf(order.GET('/orders/{id}/revisions', { params: { path: { id } } })),
  });
  const [cancellation, setCancellation] = useState<string>();
  useLiveQueries(['saga'], [...ORDERS, id]);
  return (
    <Screen title="Order">
      <Anchor component={Link} to="/shop" size="sm">
        Back to the shop
      </Anchor>
      <Loaded query={query}>
        {(shown) => (
          <div className={styles.columns}>
            <Stack>
              <Details order={shown} />
              <Changes order={shown} onCancelling={setCancellation} />
              <Revisions order={shown} revisions={revisions.data ?? []} />
            </Stack>
            <Stack>
              {cancellation && <LiveSaga id={cancellation} title="Its cancellation" />}
              {revisions.data?.toReversed().map(({ sagaId }) => (
                <LiveSaga key={sagaId} id={sagaId} title="A change of it" />
              ))}
              <LiveSaga id={shown.sagaId} title="Its saga" />
            </Stack>
          </div>
        )}
      </Loaded>
    </Screen>
  );
}

function Details({ order: shown }: { readonly order: Shop['Order'] }) {
  const { orderId, status, lines, totalCents, currency, createdAt, rejection, notice, waitsFor } = shown;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between">
          <OrderStatus status={status} />
          <Text size="sm" c="dimmed">
            placed <Time at={createdAt} />
          </Text>
        </Group>
        {rejection && <Text size="sm">{rejection.message}</Text>}
        {waitsFor && (
          <Alert color="grape" title="It waits">
            {waitsFor.message}
          </Alert>
        )}
        {notice && <Alert color="yellow">{notice}</Alert>}
        <Table verticalSpacing={4} horizontalSpacing={0}>
          <Table.Tbody>
            {lines.map(({ sku, name, quantity, unitPriceCents }) => (
              <Table.Tr key={sku}>
                <Table.Td>
                  {quantity} × <bdi>{name}</bdi>
                </Table.Td>
                <Table.Td ta="right">{money(quantity * unitPriceCents, currency)}</Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Td fw={700}>Total</Table.Td>
              <Table.Td ta="right" fw={700}>
                {money(totalCents, currency)}
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
        <Text size="xs" c="dimmed" ff="monospace">
          {orderId}
        </Text>
      </Stack>
    </Paper>
  );
}

function Changes({
  order: { orderId, status, lines },
  onCancelling,
}: {
  readonly order: Shop['Order'];
  readonly onCancelling: (sagaId: string) => void;
}) {
  const [quantities, setQuantities] = useState(() =>
    Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity])),
  );
  const path = { path: { id: orderId } };
  const revise = useRequest(orderId, 'The order is not changed', () =>
    dataOf(
      order.POST('/orders/{id}/revisions', {
        params: path,
        body: {
          paymentToken: 'tok_ok',
          lines: lines
            .map(({ sku }) => ({ sku, quantity: quantities[sku] ?? 0 }))
            .filter(({ quantity }) => quantity > 0),
        },
      }),
    ),
  );
  const cancel = useRequest(orderId, 'The order is not cancelled', () =>
    dataOf(order.POST('/orders/{id}/cancellation', { params: path })).then((answer) => {
      if (answer) onCancelling(answer.sagaId);
    }),
  );
  const changed = lines.some(({ sku, quantity }) => quantities[sku] !== quantity);
  const possible = status === 'APPROVED' || status === 'PENDING' || status === 'REVISING';
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Change or cancel it
        </Title>
        {!possible && (
          <Text size="sm" c="dimmed">
            An order that is {status.toLowerCase()} cannot be changed.
          </Text>
        )}
        {possible &&
          lines.map(({ sku, name }) => (
            <Group key={sku} justify="space-between" wrap="nowrap">
              <Text size="sm">{name}</Text>
              <NumberInput
                size="xs"
                w={92}
                min={0}
                max={100}
                aria-label={`How many: ${name}`}
                value={quantities[sku] ?? 0}
                onChange={(value) => setQuantities({ ...quantities, [sku]: Number(value) })}
              />
            </Group>
          ))}
        {possible && (
          <Group>
            <BusyButton size="xs" disabled={!changed} busy={revise.isPending} onClick={() => revise.mutate()}>
              Change the order
            </BusyButton>
            <BusyButton
              size="xs"
              variant="default"
              disabled={status !== 'APPROVED'}
              busy={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              Cancel the order
            </BusyButton>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Revisions({
  order: { orderId, currency },
  revisions,
}: {
  readonly order: Shop['Order'];
  readonly revisions: readonly Shop['Revision'][];
}) {
  const consent = useMutation({
    mutationFn: ({ accepted, revision }: { readonly accepted: boolean; readonly revision: Shop['Revision'] }) =>
      dataOf(
        order.POST('/orders/{id}/consent', {
          params: { path: { id: orderId } },
          body: { accepted, revisionId: revision.revisionId, differenceCents: revision.differenceCents ?? 0 },
        }),
      ),
    onError: notifyFailure('The answer was not taken'),
  });
  if (revisions.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb="xs">
        Requested changes
      </Title>
      <Stack gap="sm">
        {revisions.map((revision) => {
          const { revisionId, status, lines, differenceCents, consent: given, droppedBecause } = revision;
          const asks = status === 'BEGUN' && (differenceCents ?? 0) > 0 && given === null;
          return (
            <Stack key={revisionId} gap={4}>
              <Text size="sm">
                {lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')}
                {differenceCents !== null && `, ${differenceCents > 0 ? '+' : ''}${money(differenceCents, currency)}`}
              </Text>
              <Text size="xs" c="dimmed">
                {status.toLowerCase()}
                {droppedBecause && `: ${droppedBecause}`}
              </Text>
              {asks && (
                <Group gap="xs">
                  <Text size="sm">It costs more. Does the customer agree?</Text>
                  <Button size="compact-xs" onClick={() => consent.mutate({ accepted: true, revision })}>
                    Accept {money(differenceCents ?? 0, currency)}
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => consent.mutate({ accepted: false, revision })}
                  >
                    Decline
                  </Button>
                </Group>
              )}
            </Stack>
          );
        })}
      </Stack>
    </Paper>
  );
}

function useRequest(orderId: string, title: string, send: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () => queries.invalidateQueries({ queryKey: [...ORDERS, orderId] }),
    onError: notifyFailure(title),
  });
}
