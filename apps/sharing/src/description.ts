import type { DescribedApp } from '@dbem/http';

/** Title and description of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'sharing',
  description: 'Replicas of domains, users and shared entities; its own groups, which it publishes.',
};
