/* The commands of the loyalty service of examples/python-participant. */
import { defineCommand, defineStart } from '@palinode/saga/contract';
import { IsInt, IsUUID, Matches, Max, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

const MEMBER_ID = /^[a-z0-9-]{1,40}$/;

export class AwardPoints {
  @IsUUID()
  referralId!: string;

  @Matches(MEMBER_ID)
  @JSONSchema({ examples: ['ada'] })
  memberId!: string;

  @IsInt()
  @Min(1)
  @Max(10_000)
  points!: number;
}

export class PointsAwarded {
  @IsInt()
  balance!: number;
}

export class RevokePoints {
  @IsUUID()
  referralId!: string;

  @Matches(MEMBER_ID)
  @JSONSchema({ examples: ['ada'] })
  memberId!: string;
}

export class Referral {
  @IsUUID()
  referralId!: string;

  @Matches(MEMBER_ID)
  newcomerId!: string;

  @Matches(MEMBER_ID)
  referrerId!: string;
}

/** Adds points to a member's account, once for each referral. */
export const awardPoints = defineCommand('loyalty.award-points', {
  payload: AwardPoints,
  reply: PointsAwarded,
  refusals: ['unknown-member'],
});

/** Revokes the points of a referral. */
export const revokePoints = defineCommand('loyalty.revoke-points', { payload: RevokePoints });

/** A member referred a newcomer, who joined. */
export const reward = defineStart('reward-referral', { input: Referral, subject: ({ referralId }) => referralId });
