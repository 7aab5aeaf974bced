import { Module } from '@nestjs/common';
import { ZooKeeperSessionOptions } from './zookeeper-session.options';

@Module({ providers: [ZooKeeperSessionOptions], exports: [ZooKeeperSessionOptions] })
export class ZooKeeperOptionsModule {}
