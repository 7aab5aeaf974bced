import type { DescribedApp } from '@dbem/http';

/** Title and description of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'registry',
  description:
    'Replicas of gateways and users; its own projects, which it publishes. Creates a default project for each new user.',
};
