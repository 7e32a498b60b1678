import { ConfigurationError } from './errors';
import type { Class } from './json-schema';
import type { SearchAttributes } from './search-attributes';
import { assertDeclares } from './validation';

/** What a service must know to start a saga: the name, the class of the input, and the business key. */
export interface SagaStart<Input extends object = object> {
  readonly name: string;
  readonly input: Class<Input>;
  /** The business key by which people find the saga, such as an order id; `subject` of all its messages. */
  readonly subject: (input: Input) => string;
  /**
   * Values of the input by which operators find the saga beside its business key:
   * `({ customerId, paymentToken }) => ({ customerId, paymentToken: { sensitive: paymentToken } })`. A pure function.
   *
   * @default none
   */
  readonly attributes?: ((input: Input) => SearchAttributes) | undefined;
  /** The name of the orchestrator that runs it. @default 'orchestrator' */
  readonly orchestrator?: string | undefined;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** Throws a ConfigurationError unless the name is valid for a saga. */
export function assertSagaName(name: string): void {
  if (!NAME.test(name)) throw new ConfigurationError(`"${name}" is not a saga name; use letters, digits and dashes.`);
}

/**
 * Declares how a saga is started; spread it into `defineSaga`, so that both sides agree.
 *
 * @throws ConfigurationError when the name has other characters than letters, digits and dashes, or the class has rules
 * that cannot be checked.
 */
export function defineStart<Input extends object>(
  name: string,
  { input, subject, attributes, orchestrator }: Omit<SagaStart<Input>, 'name'>,
): SagaStart<Input> {
  assertSagaName(name);
  assertDeclares(input);
  return Object.freeze({
    name,
    input,
    subject,
    ...(attributes === undefined ? {} : { attributes }),
    ...(orchestrator === undefined ? {} : { orchestrator }),
  });
}
