import { type TcpProxy } from '../../network/tcp-proxy';
import { waitFor } from '../../waiting/wait-for';

/** Waits until the app has failed to connect over the cut link. */
export async function expectCut(link: TcpProxy): Promise<void> {
  await waitFor(() => link.refusedConnections > 0, { what: 'the cut link to refuse a connection' });
}

/** Waits until the silenced link has dropped some bytes. */
export async function expectSilenced(link: TcpProxy): Promise<void> {
  await waitFor(() => link.swallowedBytes > 0, { what: 'the silenced link to drop bytes' });
}

/** Waits until the app receives bytes from the server again, counted from `restore` or `listen`. */
export async function expectForwarding(link: TcpProxy): Promise<void> {
  await waitFor(() => link.answeredBytes > 0, { what: 'the link to forward bytes from the server' });
}
