import { DbEventError } from '@dbem/db-event';
import { checked } from './checked';
import type { RequestRole } from './request-wire';

type DtoClass<Dto> = new () => Dto;

/** A request method of a service: one definition, shared by requester and service. */
export class RequestMethod<Params extends object, Answer> {
  /**
   * @param name on the wire.
   * @param params validated by the service.
   * @param answer validates an answer. @throws DbEventError MESSAGE_MALFORMED
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
  if (!Array.isArray(value)) throw new DbEventError('MESSAGE_MALFORMED', 'Invalid answer: expected a list');
  return value;
}
