import { DbEventError } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { AccessConfig } from './access.config';
import { Authenticator } from './authenticator.port';
import type { Principal } from './principal';
import { greatestRole, isRole } from './role';

type Jose = typeof import('jose', { with: { 'resolution-mode': 'import' }});
type Claims = Awaited<ReturnType<Jose['jwtVerify']>>['payload'];

/** Asymmetric signatures only: a party that can verify a token must not be able to create one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 30;
/** Minimum interval between fetches of the keys, because anyone can trigger one with a token of unknown key id. */
const KEY_FETCH_COOLDOWN_MS = 5_000;

/** Authenticates by signed tokens of an OpenID Connect provider, if configured. Caches its keys for minutes. */
@Injectable()
export class OidcAuthenticator extends Authenticator {
  private library: Promise<typeof import('jose', { with: { 'resolution-mode': 'import' }})> | undefined;
  private keys: ReturnType<Jose['createRemoteJWKSet']> | undefined;

  constructor(private readonly config: AccessConfig) {
    super();
  }

  async authenticate(credential: string): Promise<Principal | undefined> {
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = this.config;
    if (issuer === undefined || audience === undefined || jwksUrl === undefined) return undefined;
    // Only a JWT (three parts separated by dots) is worth a request to the provider.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential)) return undefined;
    // The library is an ES module, which CommonJS can only import dynamically.
    this.library ??= import('jose');
    const { createRemoteJWKSet, jwtVerify, errors } = await this.library;
    this.keys ??= createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: KEY_FETCH_COOLDOWN_MS });
    try {
      const { payload } = await jwtVerify(credential, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'sub'],
      });
      return this.principalOf(payload);
    } catch (error) {
      const isTokenInvalid = error instanceof errors.JOSEError && !KEY_SET_ERRORS.has(error.code);
      if (isTokenInvalid) return undefined;
      throw new DbEventError(
        'IDENTITY_PROVIDER_UNAVAILABLE',
        `Could not fetch the identity provider’s keys from ${jwksUrl}`,
        {
          retryable: true,
          cause: error,
        },
      );
    }
  }

  /** Undefined if the token contains none of our roles. */
  private principalOf(payload: Claims): Principal | undefined {
    const { OIDC_ROLE_CLAIM: roleClaim, OIDC_ROLE_PREFIX: rolePrefix = '' } = this.config;
    const claim = roleClaim
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], payload);
    const claimed = Array.isArray(claim) ? claim : [claim];
    const roles = claimed
      .filter((value): value is string => typeof value === 'string' && value.startsWith(rolePrefix))
      .map((value) => value.slice(rolePrefix.length))
      .filter(isRole);
    const role = greatestRole(roles);
    if (role === undefined || payload.sub === undefined) return undefined;
    return { name: payload.sub, role, provedBy: 'oidc' };
  }
}

/** Error codes of jose for faults of the key set, not of the token. */
const KEY_SET_ERRORS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);
