import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { AccessConfig } from './access.config';
import { type StaticToken, StaticTokens } from './static-tokens';
import { generateToken, hashOf } from './token-hash';

/** Authenticates by `ADMIN_TOKEN`. If no authentication is configured at all, by a random token that it logs. */
@Injectable()
export class AdminToken extends StaticTokens {
  protected readonly tokens: readonly StaticToken[];

  constructor({ ADMIN_TOKEN, ADMIN_TOKENS_FILE, OIDC_ISSUER }: AccessConfig, log: Log) {
    super();
    const isOnlyMethod = ADMIN_TOKENS_FILE === undefined && OIDC_ISSUER === undefined;
    const token = ADMIN_TOKEN ?? (isOnlyMethod ? generateToken() : undefined);
    if (token !== ADMIN_TOKEN) {
      log.warn(
        { token },
        'no authentication is configured for the admin API; generated an admin token for this process',
      );
    }
    this.tokens = token === undefined ? [] : [{ name: 'ADMIN_TOKEN', role: 'admin', hash: hashOf(token) }];
  }
}
