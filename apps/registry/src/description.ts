import type { DescribedApp } from '@dbem/http';

/** What stands at the head of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'registry',
  description: 'Gateways and users, replicated; projects of its own, published. A new user gets a default project.',
};
