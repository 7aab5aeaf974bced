import { DbEventError } from '@dbem/db-event';
import { checked } from './checked';
import type { RequestRole } from './request-wire';

type DtoClass<Dto> = new () => Dto;

/** What may be asked of a service: the one description that both ends share. */
export class RequestMethod<Params extends object, Answer> {
  /**
   * @param name on the wire.
   * @param params checked by the end that answers.
   * @param answer checks what came as an answer. @throws DbEventError MESSAGE_MALFORMED
   */
  constructor(
    readonly role: RequestRole,
    readonly name: string,
    readonly params: DtoClass<Params>,
    readonly answer: (value: unknown) => Answer,
  ) {}
}

export function one<Dto extends object>(type: DtoClass<Dto>): (value: unknown) => Dto {
  return (value) => checked(type, value);
}

export function listOf<Dto extends object>(type: DtoClass<Dto>): (value: unknown) => Dto[] {
  return (value) => elementsOf(value).map((element) => checked(type, element));
}

export function listOfOneOrNull<Dto extends object>(type: DtoClass<Dto>): (value: unknown) => (Dto | null)[] {
  return (value) => elementsOf(value).map((element) => (element === null ? null : checked(type, element)));
}

function elementsOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new DbEventError('MESSAGE_MALFORMED', 'Expected a list');
  return value;
}
