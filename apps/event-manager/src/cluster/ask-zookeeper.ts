import { connect } from 'node:net';
import type { ZooKeeperServer } from './cluster';

const TIMEOUT_MS = 1_500;
const MAX_ANSWER = 16 * 1024;

/** The servers of a connect string: host:port separated by commas, with an optional /chroot. */
export function zooKeeperServersOf(connectString: string): string[] {
  const [servers = ''] = connectString.split('/');
  return servers
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '');
}

/**
 * Queries a ZooKeeper server with the command `srvr`, the only four-letter command in the default whitelist
 * (`4lw.commands.whitelist`). Never rejects.
 */
export async function askZooKeeper(address: string): Promise<ZooKeeperServer> {
  try {
    const answer = await commandAnswer(address, 'srvr');
    const version = /^Zookeeper version: (\S+?)[-,\s]/m.exec(answer)?.[1];
    const mode = /^Mode: (\S+)/m.exec(answer)?.[1];
    if (version === undefined) return { address, fault: answer.trim().slice(0, 200) || 'empty response to srvr' };
    return { address, version, ...(mode !== undefined && { mode }) };
  } catch (error) {
    return { address, fault: (error as Error).message };
  }
}

function commandAnswer(address: string, command: string): Promise<string> {
  const [, host = address, port = '2181'] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host, port: Number(port) }, () => socket.write(command));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no response within ${TIMEOUT_MS} ms`)));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > MAX_ANSWER) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
