import type { DescribedApp } from '@dbem/http';

/** What stands at the head of the app's OpenAPI document. */
export const DESCRIPTION: DescribedApp = {
  title: 'sharing',
  description: 'Domains, users and shared entities, replicated; groups of its own, published.',
};
