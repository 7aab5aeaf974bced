import type { components } from './generated/admin-api';

/** What goes over the admin API, by name. */
export type Schemas = components['schemas'];
