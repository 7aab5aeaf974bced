export * from './broker.port';
export * from './topology-names';
