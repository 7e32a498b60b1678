import { defineSaga } from '@palinode/saga/orchestrator';
import { awardPoints, revokePoints, reward } from './contracts';

/** Points for the newcomer and for the referring member, or for neither. */
export const rewardReferral = defineSaga({ ...reward, version: 1, deadline: '5m' })
  .compensatable('newcomer', {
    invoke: awardPoints,
    payload: ({ input }) => ({ referralId: input.referralId, memberId: input.newcomerId, points: 100 }),
    compensation: {
      invoke: revokePoints,
      payload: ({ input }) => ({ referralId: input.referralId, memberId: input.newcomerId }),
    },
  })
  .compensatable('referrer', {
    invoke: awardPoints,
    payload: ({ input }) => ({ referralId: input.referralId, memberId: input.referrerId, points: 500 }),
    compensation: {
      invoke: revokePoints,
      payload: ({ input }) => ({ referralId: input.referralId, memberId: input.referrerId }),
    },
  })
  .build();
