export { type ContractReport, checkContract, type JudgedChange } from './check-contract';
export type { Breaks, SchemaChange } from './compare-schemas';
export { contentOfMessage, type MessageContent } from './content/message-content';
export { shown } from './content/shown-entity';
export { readIdl } from './read-idl';
export { brokenBy, type Reader } from './readers';
export { type Enum, type Field, reachOf, type Schema, type Struct } from './schema';
