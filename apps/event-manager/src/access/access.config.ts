import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

const accessVariables = {
  ADMIN_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token with the role admin, at least 16 characters. Default: a random one, logged at start-up, if neither ADMIN_TOKENS_FILE nor OIDC_ISSUER is set; otherwise none.',
    ),
  ADMIN_TOKENS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File of hashed tokens with names and roles, written by `npm run token`. Default: none.'),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe('Issuer of the identity provider’s tokens. Default: no tokens are accepted.'),
  OIDC_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('Audience that the identity provider’s tokens must contain. Required with OIDC_ISSUER.'),
  OIDC_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('URL of the identity provider’s public keys (JWKS). Required with OIDC_ISSUER.'),
  OIDC_ROLE_CLAIM: z
    .string()
    .min(1)
    .default('roles')
    .describe('Claim that contains the role or roles; a dot separates nested names. Default: roles.'),
  OIDC_ROLE_PREFIX: z
    .string()
    .optional()
    .describe('Prefix of viewer, operator and admin in that claim. Default: none.'),
  OIDC_CONSOLE_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Client id of the web console at the identity provider: a public client, authorization code with PKCE. Default: users log in with a token.',
    ),
  OIDC_CONSOLE_SCOPES: z
    .string()
    .min(1)
    .default('openid profile')
    .describe('Scopes that the console requests, separated by spaces. Default: openid profile.'),
  ADMIN_RATE_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('Maximum requests per minute from one address. Default: 600.'),
};

/** An error message if the settings of the identity provider are incomplete. */
function oidcFault(config: {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_JWKS_URL?: string | undefined;
  readonly OIDC_CONSOLE_CLIENT_ID?: string | undefined;
}): string | undefined {
  const given = [config.OIDC_ISSUER, config.OIDC_AUDIENCE, config.OIDC_JWKS_URL].filter((value) => value !== undefined);
  if (given.length === 0 && config.OIDC_CONSOLE_CLIENT_ID !== undefined) {
    return 'OIDC_CONSOLE_CLIENT_ID requires OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL';
  }
  return given.length === 0 || given.length === 3
    ? undefined
    : 'OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL must be set together';
}

/** Authentication and rate limit of the admin API. */
export class AccessConfig extends configOf(accessVariables, (config, context) => {
  const fault = oidcFault(config);
  if (fault !== undefined) context.addIssue({ code: 'custom', path: ['OIDC_ISSUER'], message: fault });
}) {}
