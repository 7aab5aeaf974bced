import type { components } from '../../../../docs/openapi/event-manager';

/** What goes over the admin API, by name. */
export type Schemas = components['schemas'];
