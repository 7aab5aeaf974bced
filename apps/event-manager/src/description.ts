import type { DescribedApp } from '@dbem/http';

/** Title and description of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'event-manager',
  description:
    'Routes changes to the services that subscribe to them. Every route except /health and the console’s pages needs a token or a JWT. Reading needs the role viewer, changes need operator, and credentials need admin.',
};
