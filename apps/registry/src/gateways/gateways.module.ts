import { Module } from '@nestjs/common';
import { GatewayReplica } from './gateway.replica';
import { GatewaysController } from './gateways.controller';
import { GatewaysRepository } from './gateways.repository';

@Module({ controllers: [GatewaysController], providers: [GatewayReplica, GatewaysRepository] })
export class GatewaysModule {}
