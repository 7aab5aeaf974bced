import { DBEventReply } from '../../generated/db_event_types';
import { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftWriter } from '../binary-protocol/thrift-writer';
import type { Reply } from './message';
import { STATUS_ACCEPTED, STATUS_REJECTED, unknown } from './wire-enums';

export function encodeReply(reply: Reply): Buffer {
  const writer = new ThriftWriter();
  new DBEventReply(
    reply.status === 'ACCEPTED'
      ? {
          status: STATUS_ACCEPTED,
          services: [...reply.services],
          ...(reply.expiredSinceMs !== undefined && { expiredSince: BigInt(reply.expiredSinceMs) }),
        }
      : { status: STATUS_REJECTED, code: reply.code, reason: reply.reason, retryable: reply.retryable },
  ).write(writer);
  return writer.finish();
}

/** @throws DbEventError MESSAGE_MALFORMED, MESSAGE_TYPE_UNKNOWN. */
export function decodeReply(bytes: Buffer): Reply {
  const reader = new ThriftReader(bytes, 'MESSAGE_MALFORMED');
  const stub = new DBEventReply();
  stub.read(reader);
  reader.expectEnd();
  switch (stub.status as number | null) {
    case STATUS_ACCEPTED:
      return {
        status: 'ACCEPTED',
        services: stub.services ?? [],
        ...(stub.expiredSince != null && { expiredSinceMs: Number(stub.expiredSince) }),
      };
    case STATUS_REJECTED:
      return {
        status: 'REJECTED',
        code: stub.code ?? '',
        reason: stub.reason ?? '',
        retryable: stub.retryable ?? false,
      };
    case null:
      return reader.fail('a DBEventReply without its field status');
    default:
      return unknown('MESSAGE_TYPE_UNKNOWN', 'reply status', stub.status);
  }
}
