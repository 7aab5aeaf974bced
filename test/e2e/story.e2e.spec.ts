import { afterAll, beforeAll, describe, it } from 'vitest';
import { RunningSystem } from '../../demo/running-system';
import { STORY } from '../../demo/story/story';
import { type Servers, startServers } from '../../tools/servers/servers';

describe('the story that the demo plays', () => {
  let servers: Servers;
  let system: RunningSystem;

  beforeAll(async () => {
    servers = await startServers({ purpose: 'story', say: () => {} });
    system = await RunningSystem.on(servers);
  });

  afterAll(async () => {
    await system?.stop();
    await servers?.stop();
  });

  for (const [index, step] of STORY.entries()) {
    it(`${index + 1}. ${step.title}`, async () => {
      await step.play(system);
    });
  }
});
