import { SenderCheck } from '@dbem/observation';
import { Module } from '@nestjs/common';
import { ConfiguredIdentity } from './configured-identity';
import { ForgedMessages } from './forged-messages';
import { Identities } from './identities';
import { IdentityController } from './identity.controller';
import { IdentityOptions } from './identity-options';

@Module({
  controllers: [IdentityController],
  providers: [
    ForgedMessages,
    Identities,
    { provide: IdentityOptions, useClass: ConfiguredIdentity },
    { provide: SenderCheck, useExisting: Identities },
  ],
  exports: [ForgedMessages, Identities, SenderCheck],
})
export class IdentityModule {}
