export * from './replica-handler';
