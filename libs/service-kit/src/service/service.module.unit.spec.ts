import { Database } from '@dbem/postgres';
import { Readiness } from '@dbem/runtime';
import { Broker, InMemoryBroker } from '@dbem/transport';
import { Controller, type INestApplication, Module, NotFoundException, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Pool } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { AppConfigModule } from '../config/app-config.module';
import { ServiceModule } from './service.module';
import { serviceConfigs } from './service-configs';

const TOKEN = 'a-token-of-the-services-own';

@Controller('houses')
class HousesController {
  @Post()
  build(): never {
    throw new NotFoundException('There is no ground.');
  }
}

@Module({
  imports: [ServiceModule.forRoot({ service: 'house', migrations: {} })],
  controllers: [HousesController],
})
class HouseModule {}

/** A database that reports to be available and migrated. */
class AvailableDatabase extends Database {
  override async start(): Promise<void> {}
  override async check(): Promise<void> {}
}

describe('ServiceModule', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  async function start(environment: NodeJS.ProcessEnv = {}) {
    const configuration = await AppConfigModule.forRoot({
      environment: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', ...environment },
      configs: serviceConfigs(),
      logDestination: { write: () => {} },
    });
    const module = await Test.createTestingModule({ imports: [configuration, HouseModule] })
      .overrideProvider(Broker)
      .useValue(new InMemoryBroker())
      .overrideProvider(Database)
      .useValue(
        new AvailableDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: '', migrations: {} }),
      )
      .compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    return (method: string, path: string, token?: string) => {
      const headers = new Headers(token === undefined ? [] : [['authorization', `Bearer ${token}`]]);
      return fetch(`${url}${path}`, { method, headers });
    };
  }

  it('ServiceModule reports ready while broker and database are up, and not ready if an added component is down', async () => {
    const request = await start();
    const ready = await request('GET', '/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ details: { database: { status: 'up' }, broker: { status: 'up' } } });
    app?.get(Readiness).add('replication', () => ({ isUp: false }));
    expect((await request('GET', '/health/ready')).status).toBe(503);
  });

  it('ServiceModule guards the routes with the token, and responds to errors with problem details', async () => {
    const request = await start({ SERVICE_TOKEN: TOKEN });
    expect((await request('POST', '/houses')).status).toBe(401);
    const answer = await request('POST', '/houses', TOKEN);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 404, detail: 'There is no ground.' });
  });

  it('ServiceModule serves metrics only with their token, and provides the database to the whole service', async () => {
    const request = await start({ METRICS_TOKEN: TOKEN });
    expect((await request('GET', '/metrics')).status).not.toBe(200);
    expect(await (await request('GET', '/metrics', TOKEN)).text()).toContain('process_cpu_seconds_total');
    expect(app?.get(Pool)).toBe(app?.get(Database).pool);
  });
});
