import type { DescribedApp } from '@dbem/http';

/** Title and description of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'profile',
  description: 'Users and tenants. Publishes every change of both.',
};
