import { Log } from '@dbem/runtime';
import { MAY_READ_DETAILS } from '@dbem/service-kit';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import type { Request } from 'express';
import { AuditModule } from '../audit/audit.module';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { AccessGuard } from './access.guard';
import { Authenticator } from './authenticator.port';
import { bearerOf } from './bearer';
import { FirstOf } from './first-of';
import { MeController } from './me.controller';
import { OidcAuthenticator } from './oidc-authenticator';
import { RateLimitGuard } from './rate-limit.guard';
import { type StaticToken, StaticTokens } from './static-tokens';
import { TokenFile } from './token-file';
import { drawToken, hashOf } from './token-hash';

const MINUTE_MS = 60_000;

/** Guards every route of the application: first the rate limit, then who it is and what it may do. */
@Global()
@Module({
  imports: [
    AuditModule,
    ThrottlerModule.forRootAsync({
      inject: [EVENT_MANAGER_CONFIG],
      useFactory: ({ ADMIN_RATE_LIMIT }: EventManagerConfig) => [{ ttl: MINUTE_MS, limit: ADMIN_RATE_LIMIT }],
    }),
  ],
  controllers: [MeController],
  providers: [
    { provide: Authenticator, inject: [EVENT_MANAGER_CONFIG, Log], useFactory: authenticatorOf },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: MAY_READ_DETAILS, inject: [Authenticator], useFactory: mayReadDetails },
  ],
  exports: [Authenticator, MAY_READ_DETAILS],
})
export class AccessModule {}

function authenticatorOf(config: EventManagerConfig, log: Log): Authenticator {
  const { ADMIN_TOKENS_FILE, OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL, OIDC_ROLE_CLAIM, OIDC_ROLE_PREFIX } = config;
  const authenticators: Authenticator[] = [];
  if (config.ADMIN_TOKEN !== undefined) authenticators.push(adminToken(config.ADMIN_TOKEN));
  if (ADMIN_TOKENS_FILE !== undefined) {
    const file = new TokenFile(ADMIN_TOKENS_FILE, log);
    authenticators.push(new StaticTokens(() => file.tokens));
  }
  if (OIDC_ISSUER !== undefined && OIDC_AUDIENCE !== undefined && OIDC_JWKS_URL !== undefined) {
    authenticators.push(
      new OidcAuthenticator({
        issuer: OIDC_ISSUER,
        audience: OIDC_AUDIENCE,
        jwksUrl: OIDC_JWKS_URL,
        roleClaim: OIDC_ROLE_CLAIM,
        rolePrefix: OIDC_ROLE_PREFIX ?? '',
      }),
    );
  }
  if (authenticators.length === 0) {
    const token = drawToken();
    log.warn({}, `No way into the admin API is configured; the admin token until the next start is ${token}`);
    authenticators.push(adminToken(token));
  }
  return new FirstOf(authenticators);
}

function adminToken(token: string): Authenticator {
  const tokens: readonly StaticToken[] = [{ name: 'ADMIN_TOKEN', role: 'admin', hash: hashOf(token) }];
  return new StaticTokens(() => tokens);
}

/** Whoever has a role may know why the manager is not ready. */
function mayReadDetails(authenticator: Authenticator) {
  return async (request: Request): Promise<boolean> => {
    const credential = bearerOf(request);
    return credential !== undefined && (await authenticator.authenticate(credential)) !== undefined;
  };
}
