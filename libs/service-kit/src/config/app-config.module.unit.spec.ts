import { Log } from '@dbem/runtime';
import { Injectable, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LoggingModule } from '../logging/logging.module';
import { AppConfigModule } from './app-config.module';
import { configFrom, configOf, schemaOf } from './config-of';
import { LoggingConfig } from './logging.config';

class DoorConfig extends configOf({
  DOOR_TOKEN: z.string().min(8).optional(),
  DOOR_WIDTH: z.coerce.number().default(1),
}) {}

class WindowConfig extends configOf({ WINDOW: z.string().optional() }, ({ WINDOW }, context) => {
  if (WINDOW === 'walled up') context.addIssue({ code: 'custom', path: ['WINDOW'], message: 'is not a window' });
}) {}

@Injectable()
class Door {
  constructor(
    readonly config: DoorConfig,
    readonly log: Log,
  ) {}
}

@Module({ imports: [LoggingModule.forApp('house')], providers: [Door] })
class HouseModule {}

const configs = [DoorConfig, WindowConfig, LoggingConfig];

async function house(environment: NodeJS.ProcessEnv, lines: string[] = []) {
  const logDestination = { write: (line: string) => lines.push(line) };
  const configuration = await AppConfigModule.forRoot({ environment, configs, logDestination });
  return Test.createTestingModule({ imports: [configuration, HouseModule] }).compile();
}

describe('AppConfigModule', () => {
  it('AppConfigModule gives each application in a process its own configuration and log, and redacts its secrets there', async () => {
    const lines: string[] = [];
    const first = await house({ DOOR_TOKEN: 'open sesame', DOOR_WIDTH: '3' }, lines);
    const second = await house({});
    expect(first.get(Door).config).toEqual({ DOOR_TOKEN: 'open sesame', DOOR_WIDTH: 3 });
    expect(second.get(Door).config).toMatchObject({ DOOR_WIDTH: 1 });
    first.get(Door).log.info({}, 'the password is open sesame');
    expect(lines.join()).toContain('the password is [secret]');
  });

  it('AppConfigModule does not modify the environment of the process, and ConfigService does not read it', async () => {
    const before = { ...process.env };
    const config = (await house({ DOOR_TOKEN: 'open sesame' })).get(ConfigService);
    expect(process.env).toEqual(before);
    expect(config.get('DoorConfig.DOOR_TOKEN')).toBe('open sesame');
    expect(config.get('PATH')).toBeUndefined();
  });

  it('AppConfigModule rejects with the errors of all classes at once', async () => {
    const environment = { DOOR_TOKEN: 'short', LOG_LEVEL: 'loud' };
    await expect(house(environment)).rejects.toThrow(/DOOR_TOKEN(.|\n)*LOG_LEVEL/);
    await expect(house(environment)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(house({ WINDOW: 'walled up' })).rejects.toThrow('WINDOW: is not a window');
  });

  it('configFrom reads a single class', () => {
    expect(configFrom(DoorConfig, { DOOR_WIDTH: '2' })).toMatchObject({ DOOR_WIDTH: 2 });
    expect(() => configFrom(DoorConfig, { DOOR_TOKEN: 'short' })).toThrow('DOOR_TOKEN');
  });

  it('schemaOf contains the variables of all classes', () => {
    expect(Object.keys(schemaOf(configs).shape)).toEqual(['DOOR_TOKEN', 'DOOR_WIDTH', 'WINDOW', 'LOG_LEVEL']);
  });
});
