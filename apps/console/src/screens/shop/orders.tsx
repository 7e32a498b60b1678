import { Anchor, Paper, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dataOf, order } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { Loaded } from '../../parts/loaded';
import { Time } from '../../parts/time';
import { money } from './money';
import { OrderStatus } from './order-status';

export const ORDERS = ['orders'];

/** The newest orders. */
export function Orders({ shown }: { readonly shown: string | undefined }) {
  const query = useQuery({
    queryKey: [...ORDERS, 'newest'],
    queryFn: () => dataOf(order.GET('/orders', { params: { query: { limit: 12 } } })),
    placeholderData: keepPreviousData,
  });
  useLiveQueries(['saga'], ORDERS);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="orders">
      <Title order={2} size="h4" id="orders" mb="xs">
        Newest orders
      </Title>
      <Loaded query={query} isEmpty={({ items }) => items.length === 0} empty="Nobody has ordered anything yet.">
        {({ items }) => (
          <Table.ScrollContainer minWidth={380}>
            <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Order</Table.Th>
                  <Table.Th>Status</Table.Th>
                  <Table.Th ta="right">Total</Table.Th>
                  <Table.Th>Placed</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ orderId, status, totalCents, currency, createdAt, lines, rejection }) => (
                  <Table.Tr key={orderId} bg={orderId === shown ? 'var(--mantine-color-default-hover)' : undefined}>
                    <Table.Td>
                      <Anchor component={Link} to="/shop/orders/$id" params={{ id: orderId } as never} size="sm">
                        {lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <OrderStatus status={status} />
                      {rejection && (
                        <Text size="xs" c="dimmed">
                          {rejection.reason}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right">{money(totalCents, currency)}</Table.Td>
                    <Table.Td>
                      <Time at={createdAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Paper>
  );
}
