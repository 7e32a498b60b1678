import type { HoldSettings } from '@palinode/saga/orchestrator';

export const holdAfter: HoldSettings = {
  silence: '30s',
  failures: { share: 0.8, within: '1m', atLeast: 50 },
  services: { cards: { silence: '5s' }, concierge: 'never' },
};
