import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePorts } from './ports';

const PORTS = 400;

/** Stays alive, as the servers on its ports would, until it is disconnected. */
const CHILD = `
  import { freePorts } from ${JSON.stringify(new URL('./ports.ts', import.meta.url).href)};
  process.once('disconnect', () => process.exit());
  process.send(await freePorts(${PORTS}));
`;

function startChild(): ChildProcess {
  const nodeArguments = ['--import', 'tsx', '--input-type=module', '--eval', CHILD];
  return spawn(process.execPath, nodeArguments, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function portsOf(child: ChildProcess): Promise<number[]> {
  const [ports] = await once(child, 'message');
  return ports;
}

describe('free ports', () => {
  it('freePorts returns a port again only after hundreds of others, even if nothing listens on it', async () => {
    const given: number[] = [];
    for (let index = 0; index < PORTS; index += 2) given.push(...(await freePorts(2)));
    expect(new Set(given).size).toBe(PORTS);
  });

  it('No two processes get the same port, even if nothing listens on it', async () => {
    const children = Array.from({ length: 8 }, startChild);
    const given = (await Promise.all(children.map(portsOf))).flat();
    for (const child of children) child.disconnect();
    expect(given).toHaveLength(8 * PORTS);
    expect(new Set(given).size).toBe(8 * PORTS);
  });
});
