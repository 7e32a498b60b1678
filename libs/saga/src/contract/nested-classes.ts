import { defaultMetadataStorage as types } from 'class-transformer/cjs/storage';
import { getMetadataStorage } from 'class-validator';

export type AnyClass = abstract new (...args: never[]) => object;

/** A field that holds an object, or an array of objects, of a class of its own. */
export interface NestedClass {
  readonly name: string;
  readonly type: AnyClass;
}

/** Returns the fields of a class that are declared with @ValidateNested. */
export function nestedClasses(type: AnyClass): readonly NestedClass[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(type, '', true, false)
    .filter((rule) => rule.type === 'nestedValidation')
    .map(({ propertyName: name }) => ({ name, type: classOf(type, name) }))
    .filter((each): each is NestedClass => each.type !== undefined);
}

function classOf(type: AnyClass, property: string): AnyClass | undefined {
  const declared: unknown =
    types.findTypeMetadata(type, property)?.typeFunction() ??
    Reflect.getMetadata('design:type', type.prototype as object, property);
  return typeof declared === 'function' && declared !== Array ? (declared as AnyClass) : undefined;
}
