import {
  AmqpConnection,
  AmqpConnectionManager,
  RabbitHeader,
  type RabbitMQConfig,
  RabbitMQModule,
  RabbitPayload,
  RabbitRPC,
  RabbitSubscribe,
} from '@golevelup/nestjs-rabbitmq';
import {
  type CanActivate,
  Controller,
  ForbiddenException,
  Global,
  Injectable,
  Module,
  ParseIntPipe,
  type Provider,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Broker } from '../broker.port';
import { InMemoryBroker } from '../in-memory/in-memory-broker';
import { BrokerAmqpConnection } from './broker-amqp-connection';
import { GolevelupModule } from './golevelup.module';
import type { GolevelupOptions } from './golevelup-options';

const broker = new InMemoryBroker();

@Global()
@Module({ providers: [{ provide: Broker, useValue: broker }], exports: [Broker] })
class InMemoryTransport {}

class Recorder {
  readonly received: unknown[] = [];
}

@Injectable()
class Prices extends Recorder {
  @RabbitSubscribe({ exchange: 'prices', routingKey: '#' })
  receive(price: unknown): void {
    this.received.push(price);
  }
}

/** Opens no connection. */
const golevelupWithoutConfiguration = () =>
  RabbitMQModule.forRootAsync({
    inject: [{ token: 'no configuration', optional: true }],
    useFactory: (config: RabbitMQConfig) => config,
  });

class DenyAll implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('not a request');
  }
}

describe('GolevelupModule', () => {
  const apps: TestingModule[] = [];

  beforeEach(async () => {
    vi.useFakeTimers();
    await broker.start();
    await broker.topology.declareExchange({ name: 'prices', type: 'topic' });
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await broker.stop();
    vi.useRealTimers();
  });

  async function start(providers: Provider[], options: GolevelupOptions = {}, parts = {}): Promise<TestingModule> {
    const imports = [InMemoryTransport, GolevelupModule.forRoot(options)];
    const app = await Test.createTestingModule({ imports, providers, ...parts }).compile();
    await app.init();
    apps.push(app);
    await vi.advanceTimersByTimeAsync(1_000);
    return app;
  }

  async function publish(app: TestingModule, price: unknown, headers = {}): Promise<void> {
    await app.get(AmqpConnection, { strict: false }).publish('prices', 'a', price, { headers });
    await vi.advanceTimersByTimeAsync(100);
  }

  it('A handler receives messages that are published through the module’s connection', async () => {
    const app = await start([Prices]);
    await publish(app, { price: 7 });
    expect(app.get(Prices).received).toEqual([{ price: 7 }]);
  });

  it('The module’s connection is golevelup’s, is in its connection manager, and opens no connection of its own', async () => {
    const app = await start([]);
    const connection = app.get(AmqpConnection, { strict: false });
    expect(connection).toBeInstanceOf(BrokerAmqpConnection);
    expect(app.get(AmqpConnectionManager, { strict: false }).getConnection('default')).toBe(connection);
    expect(connection.managedConnection).toBeUndefined();
  });

  it('Two applications in one process both have handlers, and one keeps receiving when the other shuts down', async () => {
    const [one, other] = [await start([Prices]), await start([Prices])];
    await publish(one, 1);
    await one.close();
    await publish(other, 2);
    expect(one.get(Prices).received).toEqual([1]);
    expect(other.get(Prices).received).toEqual([1, 2]);
  });

  it('The module has a connection manager per application, while golevelup’s module shares one per process', async () => {
    const managerOf = async () => {
      const imports = [golevelupWithoutConfiguration()];
      const app = await Test.createTestingModule({ imports }).compile();
      apps.push(app);
      return app.get(AmqpConnectionManager, { strict: false });
    };
    expect(await managerOf()).toBe(await managerOf());
    const ours = await Promise.all([start([]), start([])]);
    const [one, other] = ours.map((app) => app.get(AmqpConnectionManager, { strict: false }));
    expect(one).not.toBe(other);
  });

  it('A handler is registered once in an application that also imports golevelup’s own module', async () => {
    const app = await start(
      [Prices],
      {},
      {
        imports: [InMemoryTransport, golevelupWithoutConfiguration(), GolevelupModule.forRoot({})],
      },
    );
    await publish(app, 1);
    expect(app.get(Prices).received).toEqual([1]);
  });

  it('A handler of a controller, or of a provider with two tokens, is registered once', async () => {
    @Controller()
    class PriceController extends Recorder {
      @RabbitSubscribe({ exchange: 'prices', routingKey: '#' })
      receive(price: unknown): void {
        this.received.push(price);
      }
    }
    const app = await start(
      [Prices, { provide: 'alias', useExisting: Prices }],
      {},
      { controllers: [PriceController] },
    );
    await publish(app, 1);
    expect(app.get(Prices).received).toEqual([1]);
    expect(app.get(PriceController).received).toEqual([1]);
  });

  it('A named handler gets its options at run time', async () => {
    class Named extends Recorder {
      @RabbitSubscribe({ name: 'prices' })
      receive(price: unknown): void {
        this.received.push(price);
      }
    }
    const handlers = { prices: { exchange: 'prices', routingKey: '#', queue: 'at-run-time' } };
    const app = await start([Named], { handlers });
    expect(await broker.topology.inspectQueue('at-run-time')).toMatchObject({ consumers: 1 });
    await publish(app, 1);
    expect(app.get(Named).received).toEqual([1]);
    await expect(start([Named])).rejects.toThrow('Named.receive: no handler "prices" in GolevelupModule');
  });

  it('A handler of another connection is not registered', async () => {
    class OfAnotherConnection extends Recorder {
      @RabbitSubscribe({ connection: 'another', exchange: 'prices', routingKey: '#' })
      receive(price: unknown): void {
        this.received.push(price);
      }
    }
    const app = await start([OfAnotherConnection]);
    await publish(app, 1);
    expect(app.get(OfAnotherConnection).received).toEqual([]);
  });

  it('A handler’s parameters may have golevelup’s decorators and pipes', async () => {
    class Decorated extends Recorder {
      @RabbitSubscribe({ exchange: 'prices', routingKey: '#' })
      receive(@RabbitPayload('price', ParseIntPipe) price: number, @RabbitHeader('currency') currency: string): void {
        this.received.push([price, currency]);
      }
    }
    const app = await start([Decorated]);
    await publish(app, { price: '7' }, { currency: 'EUR' });
    expect(app.get(Decorated).received).toEqual([[7, 'EUR']]);
  });

  it('A global guard, which is written for HTTP requests, does not run for a broadcast', async () => {
    const app = await start([Prices, { provide: APP_GUARD, useClass: DenyAll }]);
    await publish(app, 1);
    expect(app.get(Prices).received).toEqual([1]);
  });

  it('An RPC handler makes the start fail', async () => {
    class Answering {
      @RabbitRPC({ exchange: 'prices', routingKey: '#', queue: 'q' })
      answer(): string {
        return 'no';
      }
    }
    await expect(start([Answering])).rejects.toThrow('Answering.answer: @RabbitRPC is not supported');
  });

  it('A handler with a guard of its own or with request scope makes the start fail', async () => {
    @UseGuards(DenyAll)
    class Guarded extends Prices {}
    await expect(start([Guarded])).rejects.toThrow('Guarded.receive: guards');

    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends Prices {}
    await expect(start([Scoped])).rejects.toThrow('Scoped.receive: a handler must not be request-scoped');
  });
});
