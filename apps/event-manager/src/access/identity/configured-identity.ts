import { Log } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { BrokerConfig } from '../../config/broker.config';
import { IdentityConfig } from './identity.config';
import type { IdentityOptions } from './identity-options';

/** `IdentityOptions` as the configuration says; warns of what it leaves open. */
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
      log.warn({}, 'IDENTITY is off: whoever may publish can speak for any service');
    } else if (IDENTITY_LEGACY_SERVICES.length > 0) {
      log.warn(
        { legacyServices: IDENTITY_LEGACY_SERVICES },
        'these services are believed without their broker user: anybody can speak for them',
      );
    }
  }
}
