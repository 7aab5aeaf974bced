export * from './subscription-registry.port';
