import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from './read-config';
import { secretsOf } from './secrets-of';
import { amqpUrl, databaseUrl, port } from './variables';

const schema = z.object({
  URL: z.url().optional(),
  TOKENS_FILE: z.string().optional(),
  ADMIN_TOKEN: z.string().optional(),
});

describe('readConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-config-'));
  const file = (content: string) => {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('readConfig reads a value from the file that NAME_FILE names', () => {
    expect(readConfig(schema, { URL_FILE: file('amqp://a:b@c\n') })).toEqual({ URL: 'amqp://a:b@c' });
  });

  it('readConfig does not read a file for a variable whose own name ends in _FILE', () => {
    expect(readConfig(schema, { TOKENS_FILE: '/nowhere' })).toEqual({ TOKENS_FILE: '/nowhere' });
  });

  it('readConfig reports all errors of values and files at once, without the values', () => {
    const environment = { URL: 'no url: hunter2', URL_FILE: file('x'), ADMIN_TOKEN_FILE: '/nowhere/at/all' };
    expect(() => readConfig(schema, environment)).toThrow(
      /URL_FILE: URL is set, too(.|\n)*ADMIN_TOKEN_FILE: can't be read: ENOENT(.|\n)*URL: Invalid URL/,
    );
    expect(() => readConfig(schema, environment)).not.toThrow(/hunter2/);
  });

  const variables = z.object({ SERVICE_PORT: port.default(3000), DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl });

  it('readConfig parses numbers, applies defaults and treats an empty variable as not set', () => {
    expect(readConfig(variables, { SERVICE_PORT: '80', DATABASE_URL: 'postgres://u:p@h/d', AMQP_URL: '' })).toEqual({
      SERVICE_PORT: 80,
      DATABASE_URL: 'postgres://u:p@h/d',
      AMQP_URL: 'amqp://guest:guest@127.0.0.1:5672',
    });
  });

  it('readConfig reports every invalid or missing variable at once, without the values', () => {
    const read = () => readConfig(variables, { SERVICE_PORT: '0', AMQP_URL: 'http://user:secret@host' });
    expect(read).toThrow(/SERVICE_PORT.*\n.*DATABASE_URL.*\n.*AMQP_URL/);
    expect(read).not.toThrow(/secret/);
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }));
  });
});

describe('secretsOf', () => {
  it('secretsOf finds passwords in URLs, encoded and decoded, and variables with a secret’s name', () => {
    const secrets = secretsOf({
      AMQP_URL: 'amqp://user:p%40ssw0rd@host/vhost',
      ADMIN_TOKEN: 'a-long-token',
      ZOOKEEPER_AUTH: 'managers:their-password',
      ZOOKEEPER_CONNECT: 'host:2181',
      SHORT_URL: 'amqp://guest:guest@host',
      SERVICE_PORT: 3000,
    });
    expect([...secrets].sort()).toEqual(
      ['a-long-token', 'managers:their-password', 'p%40ssw0rd', 'p@ssw0rd', 'their-password'].sort(),
    );
  });
});
