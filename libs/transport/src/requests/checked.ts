import { DbEventError } from '@dbem/db-event';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, type ValidatorOptions, validateSync } from 'class-validator';

/** Undeclared fields are dropped: the other end may be newer. */
export const CHECK_OPTIONS = { whitelist: true, forbidUnknownValues: true } satisfies ValidatorOptions;

const MAX_FAULTS = 5;
const MAX_LENGTH = 500;

/** Converts parsed JSON to a validated instance of the class. @throws DbEventError MESSAGE_MALFORMED */
export function checked<Dto extends object>(type: new () => Dto, value: unknown): Dto {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DbEventError('MESSAGE_MALFORMED', `${type.name}: expected an object`);
  }
  const dto = plainToInstance(type, value);
  const errors = validateSync(dto, CHECK_OPTIONS);
  if (errors.length > 0) throw malformed(errors);
  return dto;
}

export function malformed(errors: readonly ValidationError[]): DbEventError {
  const faults = errors.flatMap((error) => faultsOf(error)).slice(0, MAX_FAULTS);
  return new DbEventError('MESSAGE_MALFORMED', faults.join('; ').slice(0, MAX_LENGTH));
}

function faultsOf({ property, constraints = {}, children = [] }: ValidationError, path = ''): string[] {
  const field = `${path}${property}`;
  return [
    ...Object.values(constraints).map((fault) => `${field}: ${fault}`),
    ...children.flatMap((child) => faultsOf(child, `${field}.`)),
  ];
}
