export { comparedFieldSql, entityOutOf, pathsOf } from './postgres/compared-field';
export { inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from './postgres/digest-sql';
export type { KeyRange, LookedAt, RangeDigest, RowDigest } from './protocol/comparison';
export type { ReplicaProtocol } from './protocol/replica-protocol';
export type { Ghost, RowToSend, Sent, SourceProtocol } from './protocol/source-protocol';
export { type Serving, serve } from './rpc/serve';
