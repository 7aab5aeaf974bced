import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

const accessVariables = {
  ADMIN_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token with the role admin, 16 characters or more. Default: if no other way in is configured, a random one, printed at start-up.',
    ),
  ADMIN_TOKENS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of hashed tokens with names and roles, written by `npm run token`. Default: none.'),
  OIDC_ISSUER: z.url().optional().describe('Issuer of the identity provider’s tokens. Default: none are accepted.'),
  OIDC_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('Audience that such a token must name. Needed with OIDC_ISSUER.'),
  OIDC_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the identity provider shows its public keys. Needed with OIDC_ISSUER.'),
  OIDC_ROLE_CLAIM: z
    .string()
    .min(1)
    .default('roles')
    .describe('Claim with the role or roles; dots lead into objects. Default: roles.'),
  OIDC_ROLE_PREFIX: z
    .string()
    .optional()
    .describe('What stands before viewer, operator or admin in that claim. Default: nothing.'),
  OIDC_CONSOLE_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The web console’s client at the identity provider: public, authorization code with PKCE. Default: one logs in with a token.',
    ),
  OIDC_CONSOLE_SCOPES: z
    .string()
    .min(1)
    .default('openid profile')
    .describe('What the console asks the identity provider for, joined by spaces. Default: openid profile.'),
  ADMIN_RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('Most requests a minute from one address. Default: 600.'),
};

/** What is missing for the identity provider, as a message; undefined if nothing is. */
function oidcFault(config: {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_JWKS_URL?: string | undefined;
  readonly OIDC_CONSOLE_CLIENT_ID?: string | undefined;
}): string | undefined {
  const given = [config.OIDC_ISSUER, config.OIDC_AUDIENCE, config.OIDC_JWKS_URL].filter((value) => value !== undefined);
  if (given.length === 0 && config.OIDC_CONSOLE_CLIENT_ID !== undefined) {
    return 'OIDC_CONSOLE_CLIENT_ID needs OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL';
  }
  return given.length === 0 || given.length === 3
    ? undefined
    : 'OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL are needed together';
}

/** Who may use the admin API. */
export class AccessConfig extends configOf(accessVariables, (config, context) => {
  const fault = oidcFault(config);
  if (fault !== undefined) context.addIssue({ code: 'custom', path: ['OIDC_ISSUER'], message: fault });
}) {}
