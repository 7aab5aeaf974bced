import { LOG, type Log } from '@dbem/platform';
import { Module } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { Forgeries } from './forgeries';
import { Identities } from './identities';

@Module({
  providers: [Forgeries, { provide: Identities, inject: [EVENT_MANAGER_CONFIG, LOG], useFactory: identitiesOf }],
  exports: [Forgeries, Identities],
})
export class IdentityModule {}

function identitiesOf(config: EventManagerConfig, log: Log): Identities {
  const { IDENTITY: mode, IDENTITY_USERS: users, IDENTITY_OLD_SERVICES: oldServices } = config;
  if (mode === 'off') {
    log.warn({}, 'IDENTITY is off: whoever may publish can speak for any service');
  } else if (oldServices.length > 0) {
    log.warn({ oldServices }, 'these services are believed without their broker user: anybody can speak for them');
  }
  const ownUser = decodeURIComponent(new URL(config.AMQP_URL).username) || undefined;
  return new Identities({ mode, ownUser, users, oldServices });
}
