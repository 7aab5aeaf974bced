import { SpeakerCheck } from '@dbem/observation';
import { Module } from '@nestjs/common';
import { ConfiguredIdentity } from './configured-identity';
import { Forgeries } from './forgeries';
import { Identities } from './identities';
import { IdentityController } from './identity.controller';
import { IdentityOptions } from './identity-options';

@Module({
  controllers: [IdentityController],
  providers: [
    Forgeries,
    Identities,
    { provide: IdentityOptions, useClass: ConfiguredIdentity },
    { provide: SpeakerCheck, useExisting: Identities },
  ],
  exports: [Forgeries, Identities, SpeakerCheck],
})
export class IdentityModule {}
