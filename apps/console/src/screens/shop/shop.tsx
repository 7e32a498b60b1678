import { Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { dataOf, order } from '../../api/client';
import { Screen } from '../../parts/screen';
import { BreakServices } from './break-services';
import { LiveSaga } from './live-saga';
import { OrderForm } from './order-form';
import { Orders, ORDERS } from './orders';
import styles from './shop.module.css';
import { Stock } from './stock';

/** Places orders and shows the last one's way between the services. */
export function ShopScreen() {
  const { order: shown } = useSearch({ from: '/shop' }) as { readonly order?: string };
  const navigate = useNavigate();
  const queries = useQueryClient();
  const placed = (orderId: string): void => {
    void queries.invalidateQueries({ queryKey: ORDERS });
    void navigate({ to: '/shop', search: { order: orderId }, replace: true, resetScroll: false });
  };
  return (
    <Screen title="Shop">
      <div className={styles.columns}>
        <Stack>
          <OrderForm onPlaced={placed} />
          <Stock />
        </Stack>
        <Stack>
          {shown === undefined ? <Invitation /> : <ShownOrder key={shown} id={shown} />}
          <Orders shown={shown} />
          <BreakServices />
        </Stack>
      </div>
    </Screen>
  );
}

function Invitation() {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb={4}>
        See an order travel
      </Title>
      <Text size="sm">
        Place an order: its saga appears here, and you see which service does what. Then choose{' '}
        <em>A card that is declined</em>, place another one, and watch the reserved stock come back.
      </Text>
    </Paper>
  );
}

function ShownOrder({ id }: { readonly id: string }) {
  const { data } = useQuery({
    queryKey: [...ORDERS, id],
    queryFn: () => dataOf(order.GET('/orders/{id}', { params: { path: { id } } })),
  });
  return data ? <LiveSaga id={data.sagaId} title="Your order" /> : null;
}
