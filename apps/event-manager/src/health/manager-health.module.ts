import { RolloutModule } from '@dbem/subscription-registry';
import { Module } from '@nestjs/common';
import { TopologyModule } from '../topology/topology.module';
import { ManagerHealth } from './manager-health';

@Module({ imports: [RolloutModule, TopologyModule], providers: [ManagerHealth], exports: [ManagerHealth] })
export class ManagerHealthModule {}
