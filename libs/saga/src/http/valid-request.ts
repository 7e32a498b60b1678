import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { canonicalData } from '../contract';
import { invalidRequest, type FieldProblem } from './problem';

/**
 * Hands on optional fields that are null as missing ones, and refuses fields with the names of every object's members,
 * such as `constructor`: class-transformer would drop them without a word.
 */
class NullIsMissingPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const dropped = Object.keys(value ?? {}).filter((name) => name in Object.prototype);
    if (dropped.length > 0)
      throw invalidRequest(dropped.map((field) => ({ field, problem: WORDING.whitelistValidation })));
    const valid: unknown = await super.transform(value, metadata);
    return metadata.metatype === undefined ? valid : canonicalData(metadata.metatype, valid);
  }
}

/**
 * Converts bodies, queries and parameters to their classes, and hands on optional fields that are null as missing ones.
 * Unknown, missing and wrong fields are answered with 400 and problem details that name each of them.
 *
 * Bind it to a controller or a parameter, not to the application, whose command handlers it would check too.
 */
export const validRequest: ValidationPipe = new NullIsMissingPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  exceptionFactory: (errors) => invalidRequest(errors.flatMap((error) => fieldProblems(error))),
});

/** Messages for rules whose default message addresses programmers. */
const WORDING = { whitelistValidation: 'is not known', nestedValidation: 'must be an object' } as const;

function fieldProblems({ property, constraints, children = [] }: ValidationError, path = ''): FieldProblem[] {
  const index = /^\d+$/.test(property);
  const field = index ? `${path}[${property}]` : path ? `${path}.${property}` : property;
  // Rules are checked from the last decorator to the first, which says what kind of value it is.
  const own = Object.entries(constraints ?? {})
    .slice(-1)
    .map(([rule, message]) => ({ field, problem: isWorded(rule) ? WORDING[rule] : withoutName(message, property) }));
  return [...own, ...children.flatMap((child) => fieldProblems(child, field))];
}

const isWorded = (rule: string): rule is keyof typeof WORDING => rule in WORDING;

function withoutName(message: string, property: string): string {
  return message.replace(`each value in ${property} `, '').replace(`${property} `, '');
}
