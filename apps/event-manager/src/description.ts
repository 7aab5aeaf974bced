import type { DescribedApp } from '@dbem/http';

/** What stands at the head of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'event-manager',
  description:
    'Routes changes to the services that subscribed to them. Everything but /health and the console’s pages needs a token or a JWT; reading needs the role viewer, changing operator, credentials admin.',
};
