import { DbEventError } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { AccessConfig } from './access.config';
import { Authenticator } from './authenticator.port';
import type { Principal } from './principal';
import { greatestRole, isRole } from './role';

type Jose = typeof import('jose', { with: { 'resolution-mode': 'import' }});
type Claims = Awaited<ReturnType<Jose['jwtVerify']>>['payload'];

/** Signatures with a public key only: whoever can check a token must not be able to make one. */
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
/** Tokens that name an unknown key make the keys be fetched anew, no oftener than this: anybody can send such tokens. */
const KEY_FETCH_PAUSE_MS = 5_000;

/** Knows principals by the signed tokens of an OpenID Connect provider, if one is configured, with the provider's keys kept for some minutes. */
@Injectable()
export class OidcAuthenticator extends Authenticator {
  private library: Promise<typeof import('jose', { with: { 'resolution-mode': 'import' }})> | undefined;
  private keys: ReturnType<Jose['createRemoteJWKSet']> | undefined;

  constructor(private readonly config: AccessConfig) {
    super();
  }

  async authenticate(credential: string): Promise<Principal | undefined> {
    // Three parts with dots between: anything else is no such token, and is not worth asking the provider.
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = this.config;
    if (issuer === undefined || audience === undefined || jwksUrl === undefined) return undefined;
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential)) return undefined;
    // The library is an ES module.
    this.library ??= import('jose');
    const { createRemoteJWKSet, jwtVerify, errors } = await this.library;
    this.keys ??= createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: KEY_FETCH_PAUSE_MS });
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
      const isTheTokensFault = error instanceof errors.JOSEError && !PROVIDERS_FAULTS.has(error.code);
      if (isTheTokensFault) return undefined;
      throw new DbEventError('IDENTITY_PROVIDER_UNAVAILABLE', 'The identity provider’s keys can’t be fetched now', {
        retryable: true,
        cause: error,
      });
    }
  }

  /** Undefined for who has none of our roles. */
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

/** What jose says when the key set, not the token, is at fault. */
const PROVIDERS_FAULTS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);
