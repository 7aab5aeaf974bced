import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { BrokerConfig } from '../../config/broker.config';
import { IdentityConfig } from './identity.config';
import type { IdentityOptions } from './identity-options';

/** `IdentityOptions` from the configuration; warns at start-up if services can be impersonated. */
@Injectable()
export class ConfiguredIdentity implements IdentityOptions {
  readonly mode: IdentityOptions['mode'];
  readonly ownUser: string | undefined;
  readonly users: IdentityOptions['users'];
  readonly legacyServices: readonly string[];

  constructor(
    { IDENTITY, IDENTITY_USERS, IDENTITY_LEGACY_SERVICES }: IdentityConfig,
    { AMQP_URL }: BrokerConfig,
    log: Log,
  ) {
    this.mode = IDENTITY;
    this.users = IDENTITY_USERS;
    this.legacyServices = IDENTITY_LEGACY_SERVICES;
    this.ownUser = decodeURIComponent(new URL(AMQP_URL).username) || undefined;
    if (IDENTITY === 'off') {
      log.warn({}, 'identity is not enforced: any publisher can impersonate any service; set IDENTITY to enforced');
    } else if (IDENTITY_LEGACY_SERVICES.length > 0) {
      log.warn(
        { legacyServices: IDENTITY_LEGACY_SERVICES },
        'legacy services are accepted without a broker user: any publisher can impersonate them',
      );
    }
  }
}
