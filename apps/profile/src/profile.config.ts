import { OutboxConfig, schemaOf, serviceConfigs } from '@dbem/service-kit';

/** The service's name on the wire. */
export const SERVICE_NAME = 'user.profile';

export const CONFIGS = serviceConfigs(3001, OutboxConfig);

export const profileConfigSchema = schemaOf(CONFIGS);
