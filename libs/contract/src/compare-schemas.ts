import type { ClassifiedChange } from './classified-change';
import type { Enum, Field, Schema, Struct } from './schema';

export type SchemaChange = Pick<ClassifiedChange, 'path' | 'what' | 'breaks' | 'rule'>;

/**
 * Lists the changes between two schemas and the readers they break: old readers of new events, and new readers of old
 * events, which may still be in queues, parked or in replicas. Fields are identified by their ids, because names are
 * not on the wire.
 */
export function compareSchemas(before: Schema, after: Schema): SchemaChange[] {
  return [
    ...[...before.structs.values()].flatMap((struct) => compareStructs(struct, after.structs.get(struct.name))),
    ...[...before.enums.values()].flatMap((one) => compareEnums(one, after.enums.get(one.name))),
    ...[...after.structs.keys()]
      .filter((name) => !before.structs.has(name))
      .map((name) => change(name, 'was added', 'nobody', 'struct-added')),
  ];
}

function compareStructs(before: Struct, after: Struct | undefined): SchemaChange[] {
  if (after === undefined) return [change(before.name, 'was removed', 'all readers', 'struct-removed')];
  if (before.isUnion !== after.isUnion) {
    return [change(before.name, 'changed between struct and union', 'all readers', 'type-changed')];
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
      ? [change(path, `required field ${before.id} was removed`, 'all readers', 'required-removed')]
      : [change(path, `optional field ${before.id} was removed`, 'readers of the field', 'optional-removed')];
  }
  const changes: SchemaChange[] = [];
  if (before.type !== after.type) {
    changes.push(change(path, `type changed from ${before.type} to ${after.type}`, 'all readers', 'type-changed'));
  }
  if (before.isRequired && !after.isRequired) {
    changes.push(change(path, 'changed from required to optional', 'all readers', 'required-to-optional'));
  }
  if (!before.isRequired && after.isRequired) {
    changes.push(change(path, 'changed from optional to required', 'all readers', 'optional-to-required'));
  }
  if (before.name !== after.name) changes.push(change(path, `was renamed to ${after.name}`, 'nobody', 'field-renamed'));
  return changes;
}

function classifyAdded(struct: string, { name, id, isRequired }: Field): SchemaChange {
  return isRequired
    ? change(`${struct}.${name}`, `required field ${id} was added`, 'all readers', 'required-added')
    : change(`${struct}.${name}`, `optional field ${id} was added`, 'nobody', 'optional-added');
}

function compareEnums(before: Enum, after: Enum | undefined): SchemaChange[] {
  if (after === undefined) return [change(before.name, 'was removed', 'all readers', 'enum-value-removed')];
  const present = new Map(after.members.map(({ name, value }) => [value, name]));
  const former = new Set(before.members.map(({ value }) => value));
  return [
    ...before.members.flatMap(({ name, value }) => {
      const now = present.get(value);
      if (now === undefined)
        return [change(`${before.name}.${name}`, `value ${value} was removed`, 'all readers', 'enum-value-removed')];
      if (now === name) return [];
      const isMoved = after.members.some((other) => other.name === name);
      return isMoved
        ? [change(`${before.name}.${name}`, `value ${value} now means ${now}`, 'all readers', 'enum-value-moved')]
        : [change(`${before.name}.${name}`, `was renamed to ${now}`, 'nobody', 'enum-value-renamed')];
    }),
    ...after.members
      .filter(({ value }) => !former.has(value))
      .map(({ name, value }) =>
        change(`${before.name}.${name}`, `value ${value} was added`, 'all readers', 'enum-value-added'),
      ),
  ];
}

function change(path: string, what: string, breaks: SchemaChange['breaks'], rule: string): SchemaChange {
  return { path, what, breaks, rule };
}
