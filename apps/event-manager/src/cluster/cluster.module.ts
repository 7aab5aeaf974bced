import { Module } from '@nestjs/common';
import { OptionalBrokerManagement } from '../admin/optional-broker-management';
import { StatusModule } from '../status/status.module';
import { ClusterService } from './cluster.service';

@Module({ imports: [StatusModule], providers: [ClusterService, OptionalBrokerManagement], exports: [ClusterService] })
export class ClusterModule {}
