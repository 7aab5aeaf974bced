import { Module } from '@nestjs/common';
import { DomainReplica } from './domain.replica';
import { DomainsController } from './domains.controller';
import { DomainsRepository } from './domains.repository';

@Module({ controllers: [DomainsController], providers: [DomainReplica, DomainsRepository] })
export class DomainsModule {}
