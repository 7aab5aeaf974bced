import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random';
import type { Fault } from '../schedule/fault';
import type { InstanceName, ServerName } from '../system/instances';
import type { SoakSystem } from '../system/soak-system';
import { closeConnections } from './close-connections';
import type { Duplicator } from './duplicator';

/** Ends a fault. */
export type EndFault = () => Promise<void>;

/** A process that does not reach its checkpoint in this time is killed anyway. */
const CHECKPOINT_TIMEOUT_MS = 15_000;
/** ZooKeeper expires a session after 6 s without a message. */
const EXPIRY_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

const MAX_START_ATTEMPTS = 3;

/** Injects faults. */
export class Injector {
  constructor(
    private readonly system: SoakSystem,
    private readonly duplicator: Duplicator,
    private readonly random: Random,
  ) {}

  /** Resolves when the fault is active, with the function that ends it. */
  async inject(fault: Fault): Promise<EndFault> {
    switch (fault.kind) {
      case 'app killed':
        await this.system.instance(fault.instance).kill();
        return () => this.system.instance(fault.instance).start();
      case 'app killed at a checkpoint':
        await this.crash(fault.instance, `${fault.checkpoint}:${fault.occurrence}`);
        return () => this.system.instance(fault.instance).start();
      case 'app paused':
        this.system.instance(fault.instance).pause();
        return async () => this.system.instance(fault.instance).resume();
      case 'server killed':
        await this.server(fault.server).kill();
        return () => this.restart(fault.server);
      case 'RabbitMQ stopped gracefully':
        await this.system.rabbitMq.stopGently();
        return () => this.restart('RabbitMQ');
      case 'ZooKeeper session expired':
        return this.expireSession(fault.instance);
      case 'network cut':
        this.system.link(fault.instance, fault.server).cut();
        return async () => this.system.link(fault.instance, fault.server).restore();
      case 'network stalled':
        this.system.link(fault.instance, fault.server).silence();
        return async () => this.system.link(fault.instance, fault.server).restore();
      case 'connections closed by the broker':
        await closeConnections(this.system.rabbitMq);
        return async () => {};
      case 'deliveries duplicated and reordered':
        await this.duplicator.resend(this.random);
        return () => this.duplicator.resend(this.random);
    }
  }

  private server(server: ServerName) {
    if (server === 'RabbitMQ') return this.system.rabbitMq;
    return server === 'ZooKeeper' ? this.system.zooKeeper : this.system.postgres;
  }

  /** A machine under load may need several attempts. */
  private async restart(server: ServerName): Promise<void> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        await this.server(server).restart();
        return;
      } catch (error) {
        if (attempts === MAX_START_ATTEMPTS) throw error;
        await this.server(server).kill();
      }
    }
  }

  private async crash(name: InstanceName, crashAt: string): Promise<void> {
    const instance = this.system.instance(name);
    await instance.kill();
    await instance.start({ CRASH_AT: crashAt });
    const deadline = Date.now() + CHECKPOINT_TIMEOUT_MS;
    while (instance.isRunning && Date.now() < deadline) await sleep(POLL_MS);
    await instance.kill();
  }

  /** Cuts the manager off from ZooKeeper until its session has expired. */
  private async expireSession(name: InstanceName): Promise<EndFault> {
    const other = name === 'event-manager-1' ? 'event-manager-2' : 'event-manager-1';
    const link = this.system.link(name, 'ZooKeeper');
    const membersNow = () => this.system.members(other).catch(() => undefined);
    const before = await membersNow();
    link.cut();
    const deadline = Date.now() + EXPIRY_TIMEOUT_MS;
    for (;;) {
      const now = await membersNow();
      if (now !== undefined && before !== undefined && now.length < before.length) break;
      if (Date.now() > deadline) break;
      await sleep(POLL_MS);
    }
    return async () => link.restore();
  }
}
