import type { ClassifiedChange } from './classified-change';
import type { Enum, Field, Schema, Struct } from './schema';

export type SchemaChange = Pick<ClassifiedChange, 'path' | 'what' | 'breaks' | 'rule'>;

/**
 * What has changed between two schemas, and whom it breaks: an old reader that meets what a new publisher writes, or a new
 * reader that meets what an old one wrote, for such events wait in queues, parked and in replicas. Fields are told apart by
 * their ids, for these travel; names don't.
 */
export function compareSchemas(before: Schema, after: Schema): SchemaChange[] {
  return [
    ...[...before.structs.values()].flatMap((struct) => compareStructs(struct, after.structs.get(struct.name))),
    ...[...before.enums.values()].flatMap((one) => compareEnums(one, after.enums.get(one.name))),
    ...[...after.structs.keys()]
      .filter((name) => !before.structs.has(name))
      .map((name) => change(name, 'is new', 'nobody', 'struct-added')),
  ];
}

function compareStructs(before: Struct, after: Struct | undefined): SchemaChange[] {
  if (after === undefined) return [change(before.name, 'is gone', 'all readers', 'struct-removed')];
  if (before.isUnion !== after.isUnion) {
    return [change(before.name, 'is a union in one and a struct in the other', 'all readers', 'type-changed')];
  }
  const present = new Map(after.fields.map((field) => [field.id, field]));
  const former = new Set(before.fields.map(({ id }) => id));
  return [
    ...before.fields.flatMap((field) => compareFields(before.name, field, present.get(field.id))),
    ...after.fields.filter(({ id }) => !former.has(id)).map((field) => classifyAdded(before.name, field)),
  ];
}

function compareFields(struct: string, before: Field, after: Field | undefined): SchemaChange[] {
  const path = `${struct}.${before.name}`;
  if (after === undefined) {
    return before.isRequired
      ? [change(path, `${before.id} was required and is gone`, 'all readers', 'required-removed')]
      : [change(path, `${before.id} is gone`, 'readers of the field', 'optional-removed')];
  }
  const changes: SchemaChange[] = [];
  if (before.type !== after.type) {
    changes.push(change(path, `was ${before.type} and is ${after.type}`, 'all readers', 'type-changed'));
  }
  if (before.isRequired && !after.isRequired) {
    changes.push(change(path, 'was required and is optional', 'all readers', 'required-to-optional'));
  }
  if (!before.isRequired && after.isRequired) {
    changes.push(change(path, 'was optional and is required', 'all readers', 'optional-to-required'));
  }
  if (before.name !== after.name) changes.push(change(path, `is called ${after.name} now`, 'nobody', 'field-renamed'));
  return changes;
}

function classifyAdded(struct: string, { name, id, isRequired }: Field): SchemaChange {
  return isRequired
    ? change(`${struct}.${name}`, `${id} is new, and required`, 'all readers', 'required-added')
    : change(`${struct}.${name}`, `${id} is new`, 'nobody', 'optional-added');
}

function compareEnums(before: Enum, after: Enum | undefined): SchemaChange[] {
  if (after === undefined) return [change(before.name, 'is gone', 'all readers', 'enum-value-removed')];
  const present = new Map(after.members.map(({ name, value }) => [value, name]));
  const former = new Set(before.members.map(({ value }) => value));
  return [
    ...before.members.flatMap(({ name, value }) => {
      const now = present.get(value);
      if (now === undefined)
        return [change(`${before.name}.${name}`, `${value} is gone`, 'all readers', 'enum-value-removed')];
      if (now === name) return [];
      const isMoved = after.members.some((other) => other.name === name);
      return isMoved
        ? [change(`${before.name}.${name}`, `was ${value}, which means ${now} now`, 'all readers', 'enum-value-moved')]
        : [change(`${before.name}.${name}`, `is called ${now} now`, 'nobody', 'enum-value-renamed')];
    }),
    ...after.members
      .filter(({ value }) => !former.has(value))
      .map(({ name, value }) => change(`${before.name}.${name}`, `${value} is new`, 'all readers', 'enum-value-added')),
  ];
}

function change(path: string, what: string, breaks: SchemaChange['breaks'], rule: string): SchemaChange {
  return { path, what, breaks, rule };
}
