import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { AccessConfig } from './access.config';
import { type StaticToken, StaticTokens } from './static-tokens';
import { generateToken, hashOf } from './token-hash';

/** Knows who has the `ADMIN_TOKEN`, or, if there is no other way into the admin API, a random one that the log shows. */
@Injectable()
export class AdminToken extends StaticTokens {
  protected readonly tokens: readonly StaticToken[];

  constructor({ ADMIN_TOKEN, ADMIN_TOKENS_FILE, OIDC_ISSUER }: AccessConfig, log: Log) {
    super();
    const isOnlyWay = ADMIN_TOKENS_FILE === undefined && OIDC_ISSUER === undefined;
    const token = ADMIN_TOKEN ?? (isOnlyWay ? generateToken() : undefined);
    if (token !== ADMIN_TOKEN) {
      log.warn({}, `No way into the admin API is configured; the admin token until the next start is ${token}`);
    }
    this.tokens = token === undefined ? [] : [{ name: 'ADMIN_TOKEN', role: 'admin', hash: hashOf(token) }];
  }
}
