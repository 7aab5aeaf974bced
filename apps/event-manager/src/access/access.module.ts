import { MAY_READ_DETAILS } from '@dbem/service-kit';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import type { Request } from 'express';
import { AccessConfig } from './access.config';
import { AccessGuard } from './access.guard';
import { AdminToken } from './admin-token';
import { Authenticator } from './authenticator.port';
import { AuthenticatorChain } from './authenticator-chain';
import { bearerOf } from './bearer';

import { MeController } from './me.controller';
import { OidcAuthenticator } from './oidc-authenticator';
import { RateLimitGuard } from './rate-limit.guard';
import { TokenFile } from './token-file';

const MINUTE_MS = 60_000;

/** Guards every route of the application: first the rate limit, then authentication and authorization. */
@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [AccessConfig],
      useFactory: ({ ADMIN_RATE_LIMIT }: AccessConfig) => [{ ttl: MINUTE_MS, limit: ADMIN_RATE_LIMIT }],
    }),
  ],
  controllers: [MeController],
  providers: [
    AdminToken,
    TokenFile,
    OidcAuthenticator,
    { provide: Authenticator, useClass: AuthenticatorChain },
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: MAY_READ_DETAILS, inject: [Authenticator], useFactory: mayReadDetails },
  ],
  exports: [Authenticator, MAY_READ_DETAILS],
})
export class AccessModule {}

/** Any authenticated principal may see why the manager is not ready. */
function mayReadDetails(authenticator: Authenticator) {
  return async (request: Request): Promise<boolean> => {
    const credential = bearerOf(request);
    return credential !== undefined && (await authenticator.authenticate(credential)) !== undefined;
  };
}
