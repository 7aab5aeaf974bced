import { Log } from '@dbem/runtime';
import type { ReconnectingSessionOptions } from '@dbem/zookeeper';
import { Injectable } from '@nestjs/common';
import { ZooKeeperConfig } from './zookeeper.config';

/** Session options for all parts of the manager that store data in ZooKeeper. */
@Injectable()
export class ZooKeeperSessionOptions implements ReconnectingSessionOptions {
  readonly connectString: string;
  readonly protection: ReconnectingSessionOptions['protection'];

  constructor(
    { ZOOKEEPER_CONNECT, ZOOKEEPER_AUTH, ZOOKEEPER_NODES }: ZooKeeperConfig,
    readonly log: Log,
  ) {
    this.connectString = ZOOKEEPER_CONNECT;
    this.protection =
      ZOOKEEPER_AUTH === undefined ? undefined : { credentials: ZOOKEEPER_AUTH, nodes: ZOOKEEPER_NODES };
  }
}
