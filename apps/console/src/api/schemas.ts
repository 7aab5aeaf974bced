import type { components } from '../../../../docs/openapi/event-manager';

/** Types of the admin API's requests and responses, by name. */
export type Schemas = components['schemas'];
