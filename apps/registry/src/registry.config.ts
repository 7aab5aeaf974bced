import { OutboxConfig, ReplicaConfig, schemaOf, serviceConfigs } from '@dbem/service-kit';

/** The service's name on the wire. */
export const SERVICE_NAME = 'registry';

export const CONFIGS = serviceConfigs(3003, OutboxConfig, ReplicaConfig);

export const registryConfigSchema = schemaOf(CONFIGS);
