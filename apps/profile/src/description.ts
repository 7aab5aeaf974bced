import type { DescribedApp } from '@dbem/http';

/** What stands at the head of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'profile',
  description: 'Users and tenants. Publishes each change of both.',
};
