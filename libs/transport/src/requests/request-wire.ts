import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';

/** The part of a service that a request is sent to. */
export type RequestRole = 'publisher' | 'replica';

/** Replies have an exchange of their own: a service with write access to the default exchange could reach any queue. */
export const REPLY_EXCHANGE = 'db.event.replies';

/** The request queue of a role of a service, consumed by all its instances. */
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
    throw new DbEventError('MESSAGE_MALFORMED', 'Invalid request: "method" must be a string');
  }
  return value as RequestOnTheWire;
}

export function encodeResult(result: unknown): Buffer {
  return Buffer.from(JSON.stringify({ result: result ?? null } satisfies Reply));
}

export function encodeFailure({ code, message, retryable }: DbEventError): Buffer {
  return Buffer.from(JSON.stringify({ error: { code, message, retryable } } satisfies Reply));
}

/** The result in a reply. @throws DbEventError the error that the service answered with; MESSAGE_MALFORMED */
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
    throw new DbEventError('MESSAGE_MALFORMED', 'Invalid request or reply: not JSON', { cause: error });
  }
}
