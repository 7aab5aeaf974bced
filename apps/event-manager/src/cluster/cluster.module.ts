import { Module } from '@nestjs/common';
import { ClusterController } from './cluster.controller';
import { ClusterService } from './cluster.service';
import { MembersController } from './members.controller';

/** Reports on managers, broker, ZooKeeper and instances of services. */
@Module({ controllers: [ClusterController, MembersController], providers: [ClusterService] })
export class ClusterModule {}
