export { type ContractReport, checkContract } from './check-contract';
export { ClassifiedChange } from './classified-change';
export type { SchemaChange } from './compare-schemas';
export { contentOfMessage, type MessageContent } from './content/message-content';
export { shown } from './content/shown-entity';
export { readIdl } from './read-idl';
export { brokenBy, type Reader } from './readers';
export { type Enum, type Field, reachOf, type Schema, type Struct } from './schema';
