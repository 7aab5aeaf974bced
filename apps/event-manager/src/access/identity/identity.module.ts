import { SpeakerCheck } from '@dbem/observation';
import { Log } from '@dbem/runtime';
import { Module } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../../event-manager.config';
import { Forgeries } from './forgeries';
import { Identities } from './identities';
import { IdentityController } from './identity.controller';

@Module({
  controllers: [IdentityController],
  providers: [
    Forgeries,
    { provide: Identities, inject: [EVENT_MANAGER_CONFIG, Log], useFactory: identitiesOf },
    { provide: SpeakerCheck, useExisting: Identities },
  ],
  exports: [Forgeries, Identities, SpeakerCheck],
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
