import {
  connectRequests,
  InMemoryBroker,
  type OutgoingMessage,
  PUBLISHER_REQUESTS,
  REPLICA_REQUESTS,
  REPLY_EXCHANGE,
  RequestController,
  RequestMethod,
  RequestServers,
} from '@dbem/transport';
import { Controller, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { beforeEach, describe, expect, it } from 'vitest';
import { compileOver, startAnswering } from '../support/requests/answering-app';
import { waitFor } from '../support/waiting/wait-for';

const PING = new RequestMethod('replica', 'ping', Object, (answer) => answer);

let events: string[];
let release: () => void;

@RequestController(() => false)
class ReplicaPing implements OnModuleInit, OnApplicationBootstrap {
  constructor(servers: RequestServers) {
    servers.add({ service: 'billing', role: 'replica' });
  }

  onModuleInit(): void {
    events.push('init');
  }

  onApplicationBootstrap(): void {
    events.push('bootstrap');
  }

  onModuleDestroy(): void {
    events.push('destroy');
  }

  onApplicationShutdown(): void {
    events.push('shutdown');
  }

  @MessagePattern('ping', REPLICA_REQUESTS)
  async ping(): Promise<string> {
    events.push('asked');
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    events.push('answered');
    return 'pong';
  }
}

@Controller()
class PublisherPing {
  @MessagePattern('ping', PUBLISHER_REQUESTS)
  ping(): string {
    return 'wrong role';
  }
}

/** Records in `events` that it was used. */
class Global {
  canActivate = () => this.used();
  transform = (value: unknown) => this.used() && value;
  catch = () => this.used();
  intercept = (_context: unknown, next: { handle(): unknown }) => this.used() && next.handle();

  private used(): boolean {
    events.push('global');
    return true;
  }
}

class RecordingBroker extends InMemoryBroker {
  override async publish(message: OutgoingMessage): Promise<void> {
    if (message.exchange === REPLY_EXCHANGE) events.push('replied');
    await super.publish(message);
  }

  override async stop(): Promise<void> {
    events.push('broker stopped');
    await super.stop();
  }
}

describe('connectRequests', () => {
  let broker: InMemoryBroker;

  beforeEach(() => {
    events = [];
    broker = new InMemoryBroker();
  });

  it('A service that handles requests fails to start without connectRequests, and the error names the missing line', async () => {
    const module = await compileOver(broker, { controllers: [ReplicaPing] });
    const app = module.createNestApplication({ logger: false });
    const started = app.init();
    await expect(started).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(started).rejects.toThrow('connectRequests(app);');
    await expect(started).rejects.toThrow('billing.replica.requests');
    expect(broker.health().isConnected).toBe(false);
  });

  it('A service that handles no requests may call connectRequests', async () => {
    const module = await compileOver(broker, {});
    const app = module.createNestApplication({ logger: false });
    connectRequests(app);
    await app.init();
    await app.close();
  });

  it('An application can serve each role for one service only', async () => {
    const servers = new RequestServers(broker);
    servers.add({ service: 'a', role: 'replica' });
    servers.add({ service: 'a', role: 'publisher' });
    expect(() => servers.add({ service: 'b', role: 'replica' })).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
    );
  });

  it('Handlers receive only the requests of their own role', async () => {
    const module = await compileOver(broker, { controllers: [ReplicaPing, PublisherPing] });
    const service = await startAnswering(broker, module);
    const asked = service.client.ask('billing', PING, {});
    await waitFor(() => events.includes('asked'));
    release();
    expect(await asked).toBe('pong');
    await service.stop();
  });

  it('Each hook of the application runs once, even if startAllMicroservices is called', async () => {
    const service = await startAnswering(broker, await compileOver(broker, { controllers: [ReplicaPing] }));
    await service.app.startAllMicroservices();
    await service.stop();
    expect(events).toEqual(['init', 'bootstrap', 'destroy', 'shutdown']);
  });

  it('Global pipes, filters, guards and interceptors of the application do not apply to requests', async () => {
    const providers = [APP_GUARD, APP_PIPE, APP_FILTER, APP_INTERCEPTOR].map((provide) => ({
      provide,
      useFactory: () => new Global(),
    }));
    const service = await startAnswering(broker, await compileOver(broker, { controllers: [ReplicaPing], providers }));
    const asked = service.client.ask('billing', PING, {});
    await waitFor(() => events.includes('asked'));
    release();
    await asked;
    await service.stop();
    expect(events).not.toContain('global');
  });

  it('A shutdown waits for requests in flight, after the application’s destroy hooks and before the broker stops', async () => {
    broker = new RecordingBroker();
    const service = await startAnswering(broker, await compileOver(broker, { controllers: [ReplicaPing] }));
    const asked = service.client.ask('billing', PING, {}, { timeoutMs: 1 });
    await expect(asked).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await waitFor(() => events.includes('asked'));
    const closed = service.app.close();
    await waitFor(() => events.includes('destroy'));
    release();
    await closed;
    await service.client.stop();
    const order = ['asked', 'destroy', 'answered', 'replied', 'shutdown', 'broker stopped'];
    expect(events).toEqual(['init', 'bootstrap', ...order]);
  });
});
