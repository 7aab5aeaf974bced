import { afterAll, beforeAll, describe, it } from 'vitest';
import { RunningSystem } from '../../demo/running-system';
import { STORY } from '../../demo/story/story';
import { type Servers, startServers } from '../../tools/servers/servers';

/** On its own servers with separate processes, as `npm run demo` runs it. */
describe('The demo', () => {
  let servers: Servers;
  let system: RunningSystem;

  beforeAll(async () => {
    servers = await startServers({ purpose: 'story', print: () => {}, isDisposable: true });
    system = await RunningSystem.on(servers);
  });

  afterAll(async () => {
    await system?.stop();
    await servers?.stop();
  });

  it.each(STORY.map(({ title, play }, index) => [index + 1, title, play] as const))(
    'Step %i of the demo succeeds: %s',
    async (_number, _title, play) => {
      await play(system);
    },
    300_000,
  );
});
