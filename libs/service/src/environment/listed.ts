import { Transform } from 'class-transformer';

/** Reads a variable as a list, its values separated by commas. */
export function Listed(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').filter(Boolean) : value,
  );
}
