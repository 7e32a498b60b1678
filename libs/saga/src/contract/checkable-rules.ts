/*
 * Checks that the rules of class-validator on a class survive as JSON Schema. class-validator-jsonschema silently drops
 * some rules, and turns others into a schema that no value fits. A contract is rejected when its class has such a rule,
 * or a field without one.
 */
import { getMetadataStorage, IS_DATE, MAX_DATE, MIN_DATE } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata';
import { defaultConverters } from 'class-validator-jsonschema/build/defaultConverters';
import { defaultOptions } from 'class-validator-jsonschema/build/options';
import { ConfigurationError } from './errors';
import type { Class, JsonSchema } from './json-schema';

const OF_DATES = new Set([IS_DATE, MIN_DATE, MAX_DATE]);
const NESTED = 'nestedValidation';

/**
 * Returns the rules of a class. Throws a ConfigurationError when one of its fields would never be checked or never be
 * valid.
 */
export function checkableRules(type: Class<object>, formats: Readonly<Record<string, unknown>>): ValidationMetadata[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  if (rules.length === 0) {
    throw new ConfigurationError(
      `${type.name} has no class-validator rules; decorate its fields, so that messages can be checked.`,
    );
  }
  for (const rule of rules) if (rule.type !== NESTED) assertCheckable(type, rule, formats);
  const decorated = new Set(rules.map(({ propertyName }) => propertyName));
  for (const field of fieldsOf(type)) if (!decorated.has(field)) throw new ConfigurationError(undecorated(type, field));
  for (const field of decorated) {
    const those = rules.filter(({ propertyName }) => propertyName === field);
    assertOneType(type, field, those);
  }
  return rules;
}

/** True when the field, or each of its items, must be an integer; no other rule for numbers may loosen that. */
export function wholeNumbers(
  rules: readonly ValidationMetadata[],
): { readonly field: string; readonly each: boolean }[] {
  return rules
    .filter((rule) => rule.type !== NESTED && schemaOfRule(rule)?.['type'] === 'integer')
    .map(({ propertyName, each }) => ({ field: propertyName, each }));
}

function assertCheckable(
  type: Class<object>,
  rule: ValidationMetadata,
  formats: Readonly<Record<string, unknown>>,
): void {
  const name = nameOf(rule);
  const field = `${type.name}.${rule.propertyName}`;
  if (OF_DATES.has(name))
    throw new ConfigurationError(
      `The rule ${name} on ${field} needs a Date, which JSON does not have; declare a string with @IsISO8601() instead.`,
    );
  const schema = name in defaultConverters ? schemaOfRule(rule) : undefined;
  const format = schema?.['format'];
  if (schema === undefined || (typeof format === 'string' && !(format in formats)))
    throw new ConfigurationError(
      `The rule ${name} on ${field} has no JSON Schema; use another rule of class-validator's own, such as @Matches().`,
    );
}

/** Throws when two rules require different types: no value fits both, or only one of them would be kept. */
function assertOneType(type: Class<object>, field: string, rules: readonly ValidationMetadata[]): void {
  const known = rules.filter((rule) => rule.type !== NESTED);
  const wanted = known.flatMap((rule) => {
    const found: unknown = schemaOfRule(rule)?.['type'];
    return typeof found === 'string' ? [{ rule, type: found === 'integer' ? 'number' : found }] : [];
  });
  const ofItems = wanted.filter(({ rule }) => rule.each);
  const ofField = wanted.filter(({ rule }) => !rule.each);
  const lists = rules.filter(({ each }) => each).map((rule) => ({ rule, type: 'array' }));
  for (const group of [ofItems, [...ofField, ...lists]]) {
    const [first] = group;
    const other = group.find((each) => each.type !== first?.type);
    if (first && other)
      throw new ConfigurationError(
        `No value fits both ${nameOf(first.rule)} (${first.type}) and ${nameOf(other.rule)} (${other.type}) on ` +
          `${type.name}.${field}; remove one of them.`,
      );
  }
}

/** The fields that the class declares, as far as they are known at run time: those of a new instance. */
function fieldsOf(type: Class<object>): string[] {
  try {
    return Object.keys(new type());
  } catch {
    // The constructor takes arguments.
    return [];
  }
}

function undecorated(type: Class<object>, field: string): string {
  return (
    `${type.name}.${field} has no class-validator rule, so it would never be checked; decorate it, ` +
    'with @Allow() when anything may be in it.'
  );
}

function nameOf(rule: ValidationMetadata): string {
  if (!rule.constraintCls) return rule.type;
  return getMetadataStorage().getTargetValidatorConstraints(rule.constraintCls)[0]?.name ?? rule.constraintCls.name;
}

function schemaOfRule(rule: ValidationMetadata): JsonSchema | undefined {
  const converter = defaultConverters[nameOf(rule)];
  const schema = typeof converter === 'function' ? converter(rule, defaultOptions) : converter;
  return schema as JsonSchema | undefined;
}
