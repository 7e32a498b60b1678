import { asyncApiOf } from '@palinode/saga/asyncapi';
import { awardPoints, revokePoints } from './contracts';
import { rewardReferral } from './reward-referral';

/** The AsyncAPI document from which the Python example was written. */
export function loyaltyDocument(): Readonly<Record<string, unknown>> {
  return asyncApiOf({
    title: 'Loyalty',
    version: '0.1.0',
    description: 'The messages of the example participant. How to take part is in docs/protocol.md.',
    definitions: [rewardReferral],
    commands: [awardPoints, revokePoints],
  });
}
