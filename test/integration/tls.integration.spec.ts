import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, databaseOptionsOf } from '@dbem/postgres';
import { BrokerManagement, brokerOptionsOf, MANAGER_PERMISSIONS, RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../tools/servers/ports';
import { PrivatePostgres } from '../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { canRunRabbitMq } from '../../tools/servers/rabbitmq/programs';
import { type Certificate, CertificateAuthority } from '../support/servers/certificates';
import { waitFor } from '../support/waiting/wait-for';

const START_TIMEOUT_MS = 300_000;

const canRun = CertificateAuthority.isPossible && canRunRabbitMq();

describe.skipIf(!canRun)('mutual TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-tls-'));
  let authority: CertificateAuthority;
  let foreign: CertificateAuthority;
  let client: Certificate;
  let stranger: Certificate;
  let rabbitMq: PrivateRabbitMq;
  let amqpsPort: number;
  let postgres: PrivatePostgres;

  beforeAll(async () => {
    authority = new CertificateAuthority();
    foreign = new CertificateAuthority();
    client = authority.issue('sharing');
    stranger = foreign.issue('sharing');
    const { cert, key } = authority.issue('localhost');
    await Promise.all([startRabbitMq(cert, key), startPostgres(cert, key)]);
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all([rabbitMq?.stop(), postgres?.stop()]);
    authority?.remove();
    foreign?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startRabbitMq(cert: string, key: string): Promise<void> {
    [amqpsPort] = (await freePorts(1)) as [number];
    rabbitMq = await PrivateRabbitMq.start(join(folder, 'rabbitmq'), {
      plugins: ['rabbitmq_auth_mechanism_ssl'],
      configuration: [
        `listeners.ssl.1 = 127.0.0.1:${amqpsPort}`,
        `ssl_options.cacertfile = ${authority.ca}`,
        `ssl_options.certfile = ${cert}`,
        `ssl_options.keyfile = ${key}`,
        'ssl_options.verify = verify_peer',
        'ssl_options.fail_if_no_peer_cert = true',
        'auth_mechanisms.1 = PLAIN',
        'auth_mechanisms.2 = EXTERNAL',
        'ssl_cert_login_from = common_name',
      ],
    });
    const management = new BrokerManagement({ url: rabbitMq.managementUrl });
    await management.putUser('sharing', 'a-password');
    await management.putRights('sharing', MANAGER_PERMISSIONS);
  }

  async function startPostgres(cert: string, key: string): Promise<void> {
    postgres = await PrivatePostgres.start(join(folder, 'postgres'), {
      tls: {
        ca: authority.ca,
        cert,
        key,
        hba: ['host all postgres 127.0.0.1/32 trust', 'hostssl all sharing 127.0.0.1/32 cert'],
      },
    });
    await postgres.createDatabase('sharing');
    await postgres.run('CREATE ROLE sharing LOGIN SUPERUSER');
  }

  describe('the broker', () => {
    const brokers: RabbitMqBroker[] = [];

    afterAll(async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
    });

    async function connect(variables: Record<string, string>): Promise<RabbitMqBroker> {
      const broker = new RabbitMqBroker(
        brokerOptionsOf({ AMQP_URL: `amqps://sharing:a-password@localhost:${amqpsPort}`, ...variables }),
      );
      brokers.push(broker);
      await broker.start();
      return broker;
    }

    const own = () => ({ AMQP_CA_FILE: authority.ca, AMQP_CERT_FILE: client.cert, AMQP_KEY_FILE: client.key });

    it('The broker accepts a password over mutual TLS', async () => {
      const broker = await connect(own());
      await waitFor(() => broker.health().isConnected);
    });

    it('The broker accepts a client certificate alone, and enforces the name in it as the user id of messages', async () => {
      const AMQP_URL = `amqps://sharing@localhost:${amqpsPort}`;
      const broker = await connect({ ...own(), AMQP_URL, AMQP_AUTH: 'certificate' });
      await waitFor(() => broker.health().isConnected);
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const users: (string | undefined)[] = [];
      broker.consume('q', async (batch) => void users.push(...batch.map(({ userId }) => userId)));
      await broker.publish({ exchange: '', routingKey: 'q', body: Buffer.from('x') });
      await waitFor(() => users.length === 1);
      expect(users).toEqual(['sharing']);
    });

    it.each([
      ['A broker with a certificate of another authority', () => ({ ...own(), AMQP_CA_FILE: foreign.ca })],
      [
        'A broker whose authority is neither configured nor in the system’s trust store',
        () => ({ AMQP_CERT_FILE: client.cert, AMQP_KEY_FILE: client.key }),
      ],
    ])('%s is rejected by the client', async (_what, variables) => {
      const broker = await connect(variables());
      await waitFor(() => broker.health().lastFault !== undefined);
      expect(broker.health()).toMatchObject({ isConnected: false, lastFault: expect.stringMatching(/certificate/i) });
    });

    it.each([
      ['A client without a certificate', () => ({ AMQP_CA_FILE: authority.ca })],
      [
        'A client with a certificate of another authority',
        () => ({ ...own(), AMQP_CERT_FILE: stranger.cert, AMQP_KEY_FILE: stranger.key }),
      ],
    ])('%s is rejected by the broker', async (_what, variables) => {
      const broker = await connect(variables());
      await waitFor(() => broker.health().lastFault !== undefined);
      expect(broker.health().isConnected).toBe(false);
    });
  });

  describe('the database', () => {
    const databases: Database[] = [];

    afterAll(async () => {
      await Promise.all(databases.map((database) => database.stop()));
    });

    function open(variables: Record<string, string>): Database {
      const database = new Database({
        ...databaseOptionsOf({ DATABASE_URL: `postgres://sharing@localhost:${postgres.port}/sharing`, ...variables }),
        applicationName: 'test',
        migrations: {},
      });
      databases.push(database);
      return database;
    }

    const own = () => ({
      DATABASE_CA_FILE: authority.ca,
      DATABASE_CERT_FILE: client.cert,
      DATABASE_KEY_FILE: client.key,
    });

    it('The database accepts a client certificate alone, whatever sslmode the URL has', async () => {
      const DATABASE_URL = `postgres://sharing@localhost:${postgres.port}/sharing?sslmode=disable`;
      const { rows } = await open({ ...own(), DATABASE_URL }).pool.query(
        'SELECT ssl, usename FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()',
      );
      expect(rows).toEqual([{ ssl: true, usename: 'sharing' }]);
    });

    it('A database with a certificate of another authority is rejected by the client', async () => {
      await expect(open({ ...own(), DATABASE_CA_FILE: foreign.ca }).pool.query('SELECT 1')).rejects.toThrow(
        /certificate/i,
      );
    });

    it('A client without TLS, without a certificate, or with a certificate of another authority is rejected by the database', async () => {
      await expect(open({}).pool.query('SELECT 1')).rejects.toThrow();
      await expect(open({ DATABASE_CA_FILE: authority.ca }).pool.query('SELECT 1')).rejects.toThrow();
      const foreigner = { ...own(), DATABASE_CERT_FILE: stranger.cert, DATABASE_KEY_FILE: stranger.key };
      await expect(open(foreigner).pool.query('SELECT 1')).rejects.toThrow();
    });
  });
});
