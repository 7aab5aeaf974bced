export * from './change-publisher.port';
