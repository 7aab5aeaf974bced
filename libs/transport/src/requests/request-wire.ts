import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';

/** What the event manager may ask of a service: of the side that publishes, or of the side that holds replicas. */
export type RequestRole = 'publisher' | 'replica';

/** Replies go through an exchange of their own: a service that may publish to the default one could reach any queue. */
export const REPLY_EXCHANGE = 'db.event.replies';

/** The queue that all instances of a service's role take requests from. */
export function requestQueueOf(service: string, role: RequestRole): string {
  return `${service}.${role}.requests`;
}

export interface RequestOnTheWire {
  readonly method: string;
  readonly params: unknown;
}

type Reply =
  | { readonly result: unknown }
  | {
      readonly error: { readonly code: DbEventErrorCode; readonly message: string; readonly retryable: boolean };
    };

export function encodeRequest(request: RequestOnTheWire): Buffer {
  return Buffer.from(JSON.stringify(request));
}

/** @throws DbEventError MESSAGE_MALFORMED */
export function decodeRequest(body: Buffer): RequestOnTheWire {
  const value = parse(body);
  if (typeof value !== 'object' || value === null || typeof (value as RequestOnTheWire).method !== 'string') {
    throw new DbEventError('MESSAGE_MALFORMED', 'A request names its method');
  }
  return value as RequestOnTheWire;
}

export function encodeResult(result: unknown): Buffer {
  return Buffer.from(JSON.stringify({ result: result ?? null } satisfies Reply));
}

export function encodeFailure({ code, message, retryable }: DbEventError): Buffer {
  return Buffer.from(JSON.stringify({ error: { code, message, retryable } } satisfies Reply));
}

/** The result that a reply holds. @throws DbEventError the one that the service answered with; MESSAGE_MALFORMED */
export function resultOf(body: Buffer): unknown {
  const reply = parse(body) as Reply;
  if ('error' in reply) {
    throw new DbEventError(reply.error.code, reply.error.message, { retryable: reply.error.retryable });
  }
  return reply.result;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', 'Not JSON', { cause: error });
  }
}
