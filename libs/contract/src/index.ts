export { type ContractReport, checkContract } from './check-contract';
export type { SchemaChange } from './compare-schemas';
export { contentOfMessage, type MessageContent } from './content/message-content';
export { shown } from './content/shown-entity';
export { JudgedChange } from './judged-change';
export { readIdl } from './read-idl';
export { brokenBy, type Reader } from './readers';
export { type Enum, type Field, reachOf, type Schema, type Struct } from './schema';
