import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askZooKeeper, zooKeeperServersOf } from './ask-zookeeper';

describe('askZooKeeper', () => {
  let server: Server | undefined;

  afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

  async function answering(answer: string): Promise<string> {
    server = createServer((socket) => socket.on('data', () => socket.end(answer)));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  it('askZooKeeper reads the version and the mode of a server', async () => {
    const address = await answering(
      'Zookeeper version: 3.8.0-1, built on 2022-06-01\nLatency min/avg/max: 0/0.5/12\nMode: standalone\nNode count: 5\n',
    );
    expect(await askZooKeeper(address)).toEqual({ address, version: '3.8.0', mode: 'standalone' });
  });

  it('askZooKeeper returns the reason when a server does not report its version', async () => {
    const address = await answering('srvr is not executed because it is not in the whitelist.\n');
    expect(await askZooKeeper(address)).toEqual({
      address,
      fault: 'srvr is not executed because it is not in the whitelist.',
    });
    expect(await askZooKeeper('127.0.0.1:1')).toEqual({
      address: '127.0.0.1:1',
      fault: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('zooKeeperServersOf lists the servers of a connect string', () => {
    expect(zooKeeperServersOf('a:1, b:2,c/chroot/x')).toEqual(['a:1', 'b:2', 'c']);
  });
});
