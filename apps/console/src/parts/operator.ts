import { useLocalStorage } from '@mantine/hooks';

/** Who acts, for the operator log; kept in this browser. It is not authenticated. */
export function useOperator(): readonly [string, (name: string) => void] {
  const [name, setName] = useLocalStorage({
    key: 'palinode.operator',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  return [name, setName];
}

/** Who acts, as the API takes it. */
export const operatorHeader = (operator: string): { 'X-Operator'?: string } =>
  operator === '' ? {} : { 'X-Operator': operator };
