import { Paper, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dataOf, inventory, order } from '../../api/client';
import { useLiveQueries } from '../../api/use-live';
import { Loaded } from '../../parts/loaded';
import styles from './shop.module.css';

const QUERY = ['stock'];

/** What can be sold and what is reserved: a compensated order's stock comes back here. */
export function Stock() {
  const stock = useQuery({ queryKey: QUERY, queryFn: () => dataOf(inventory.GET('/stock')) });
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: () => dataOf(order.GET('/catalogue')) });
  useLiveQueries(['saga'], QUERY);
  const nameOf = (sku: string): string => catalogue.data?.items.find((item) => item.sku === sku)?.name ?? sku;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="stock">
      <Title order={2} size="h4" id="stock" mb="xs">
        Stock
      </Title>
      <Loaded query={stock}>
        {({ items }) => (
          <Table fz="xs" verticalSpacing={2} horizontalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Article</Table.Th>
                <Table.Th ta="right" className={styles.number}>
                  Available
                </Table.Th>
                <Table.Th ta="right" className={styles.number}>
                  Reserved
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ sku, available, reserved }) => (
                <Table.Tr key={sku}>
                  <Table.Td>{nameOf(sku)}</Table.Td>
                  <Table.Td ta="right" className={styles.number}>
                    {available.toLocaleString('en')}
                  </Table.Td>
                  <Table.Td ta="right" className={styles.number}>
                    <Text span inherit {...(reserved > 0 ? { fw: 700, c: 'var(--state-running)' } : { c: 'dimmed' })}>
                      {reserved.toLocaleString('en')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
    </Paper>
  );
}
