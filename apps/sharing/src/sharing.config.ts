import { OutboxConfig, ReplicaConfig, schemaOf, serviceConfigs } from '@dbem/service-kit';

/** The service's name on the wire. */
export const SERVICE_NAME = 'sharing';

export const CONFIGS = serviceConfigs(3002, OutboxConfig, ReplicaConfig);

export const sharingConfigSchema = schemaOf(CONFIGS);
