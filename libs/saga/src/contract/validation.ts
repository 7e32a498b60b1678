/*
 * Payloads are declared as classes with class-validator rules. Both sides of the wire check them by the JSON Schema
 * made from those rules: a compiled schema takes about a microsecond, the decorators tens of them, and participants in
 * other languages read the same schema. A contract with a rule that has no JSON Schema is rejected when it is declared,
 * so no rule is silently skipped.
 */
import 'reflect-metadata';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { defaultMetadataStorage as types } from 'class-transformer/cjs/storage';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { canonicalData } from './canonical-data';
import { checkableRules, wholeNumbers } from './checkable-rules';
import { inOneLine, InvalidDataError, ConfigurationError, type Violation } from './errors';
import type { Class, JsonSchema } from './json-schema';

/** Stops at the first violation, and checks the length of a list before its items. */
const firstError = addFormats(new Ajv({ strict: false }));
const allErrors = addFormats(new Ajv({ allErrors: true, strict: false }));

interface Validators {
  readonly first: ValidateFunction;
  /** Compiled when a small value has a violation. */
  all?: ValidateFunction;
}

const compiled = new WeakMap<Class<object>, Validators>();

/** Larger data may have tens of thousands of violations; only the first is reported. */
const SMALL_VALUES = 1_000;
const MAX_VIOLATIONS = 20;

/**
 * Returns the self-contained JSON Schema of a class with class-validator rules. Throws a ConfigurationError for a rule
 * without JSON Schema.
 */
export function schemaOf(type: Class<object>): JsonSchema {
  const nested = new Map<string, Class<object>>();
  const schema = ownSchema(type, nested);
  const definitions: Record<string, JsonSchema> = {};
  for (const [name, child] of nested) definitions[name] = ownSchema(child, nested);
  return nested.size === 0 ? schema : { ...schema, definitions };
}

/**
 * Returns at most twenty violations of the class's rules; none when the value is valid. Unknown fields are allowed, and
 * null counts as missing where the class says @IsOptional.
 */
export function violations(type: Class<object>, value: unknown): readonly Violation[] {
  const validators = compiled.get(type) ?? compile(type);
  if (validators.first(value)) return [];
  const present = canonicalData(type, value);
  if (validators.first(present)) return [];
  const { errors } = isSmall(present) ? allOf(type, validators, present) : validators.first;
  return (errors ?? []).slice(0, MAX_VIOLATIONS).map(toViolation);
}

function allOf(type: Class<object>, validators: Validators, value: unknown): ValidateFunction {
  const validate = (validators.all ??= allErrors.compile(schemaOf(type)));
  validate(value);
  return validate;
}

function isSmall(value: unknown): boolean {
  let left = SMALL_VALUES;
  const count = (each: unknown): void => {
    left -= 1;
    if (typeof each !== 'object' || each === null || left < 0) return;
    for (const key in each) {
      if (left < 0) return;
      count((each as Record<string, unknown>)[key]);
    }
  };
  count(value);
  return left >= 0;
}

/** Returns the violations in one line; undefined when the value is valid. */
export function problemOf(type: Class<object>, value: unknown): string | undefined {
  const found = violations(type, value);
  return found.length === 0 ? undefined : inOneLine(found);
}

/** Throws an InvalidDataError that names each invalid field. */
export function assertValid(what: string, type: Class<object>, value: unknown): void {
  const found = violations(type, value);
  if (found.length > 0) throw new InvalidDataError(what, found);
}

/**
 * Returns the value to send, without nulls in optional fields. Throws an InvalidDataError that names each invalid
 * field.
 */
export function validOf<T>(what: string, type: Class<object>, value: T): T {
  const valid = canonicalData(type, value);
  assertValid(what, type, valid);
  return valid;
}

/** Throws a ConfigurationError unless values can be checked by this class; called when a contract is declared. */
export function assertDeclares(type: Class<object>): void {
  try {
    compile(type);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`The rules of ${type.name} make no JSON Schema: ${String(error)}. Use others.`);
  }
}

function compile(type: Class<object>): Validators {
  const validators = { first: firstError.compile(schemaOf(type)) };
  compiled.set(type, validators);
  return validators;
}

function ownSchema(type: Class<object>, nested: Map<string, Class<object>>): JsonSchema {
  const rules = checkableRules(type, firstError.formats);
  for (const rule of rules) if (rule.type === 'nestedValidation') collect(type, rule.propertyName, nested);
  const schema = targetConstructorToSchema(type, {
    classTransformerMetadataStorage: types,
    refPointerPrefix: '#/definitions/',
  }) as JsonSchema & { properties: Record<string, { type?: string; items?: { type?: string } }> };
  for (const { field, each } of wholeNumbers(rules)) {
    const place = each ? schema.properties[field]?.items : schema.properties[field];
    if (place) place.type = 'integer';
  }
  return schema;
}

function collect(type: Class<object>, property: string, nested: Map<string, Class<object>>): void {
  const child = (types.findTypeMetadata(type, property)?.typeFunction() ??
    Reflect.getMetadata('design:type', type.prototype as object, property)) as Class<object> | undefined;
  if (child === undefined || child === (Array as unknown)) {
    throw new ConfigurationError(`${type.name}.${property} is nested; declare its class with @Type(() => …).`);
  }
  const known = nested.get(child.name);
  if (known !== undefined && known !== child) {
    throw new ConfigurationError(
      `${type.name} nests two different classes that are both named ${child.name}; rename one.`,
    );
  }
  nested.set(child.name, child);
}

function toViolation({ instancePath, keyword, params, message }: ErrorObject): Violation {
  const path = instancePath.split('/').slice(1);
  if (keyword === 'required') path.push(String(params['missingProperty']));
  const field = path.reduce(
    (text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  );
  return { field: field || 'it', problem: keyword === 'required' ? 'is missing' : (message ?? 'is wrong') };
}
