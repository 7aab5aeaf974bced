import { type TcpProxy } from '../../network/tcp-proxy';
import { waitFor } from '../../waiting/wait-for';

/** Waits until the app has tried in vain to connect over the link that was cut. */
export async function expectCut(link: TcpProxy): Promise<void> {
  await waitFor(() => link.refusedConnections > 0, { what: 'the cut link to refuse a connection' });
}

/** Waits until something was lost in the silence. */
export async function expectSilent(link: TcpProxy): Promise<void> {
  await waitFor(() => link.swallowedBytes > 0, { what: 'the silent link to swallow something' });
}

/** Waits until the server's answers reach the app again, since `restore` or `listen`. */
export async function expectPassing(link: TcpProxy): Promise<void> {
  await waitFor(() => link.answeredBytes > 0, { what: 'the link to pass on what the server answers' });
}
