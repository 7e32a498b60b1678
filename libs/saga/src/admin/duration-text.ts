import { ValidateBy } from 'class-validator';
import { milliseconds, type Duration } from '../definition';

const DURATION = /^[1-9]\d{0,5}[smhd]$/;

/** Declares a field of a request that is a duration, perhaps of limited length. */
export function IsDuration({ most }: { readonly most?: Duration } = {}): PropertyDecorator {
  const limit = most === undefined ? '' : `, and at most ${most}`;
  return ValidateBy({
    name: 'isDuration',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' &&
        DURATION.test(value) &&
        (most === undefined || milliseconds(value as Duration) <= milliseconds(most)),
      defaultMessage: () => `$property must be a duration such as 90s, 15m, 2h or 7d${limit}`,
    },
  });
}
