import { EventEmitter } from 'node:events';
import { pause, SILENT_LOG } from '@dbem/runtime';
import type { Channel, ChannelModel } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

describe('SupervisedChannel', () => {
  it('A channel that is reopened while it is set up is opened again, however late the broker answers the set-up', async () => {
    let opened = 0;
    let endSetUp = (_error: Error) => {};
    const supervised = new SupervisedChannel<Channel>(
      standIn<SupervisedConnection>({ current: standIn<ChannelModel>({}), onOpen: () => {}, removeListener: () => {} }),
      {
        open: async () => {
          opened += 1;
          return Object.assign(new EventEmitter(), { close: async () => {} }) as unknown as Channel;
        },
        setUp: async () => {
          if (opened > 1) return;
          await new Promise<void>((_resolve, reject) => {
            endSetUp = reject;
          });
        },
        onLost: () => {},
      },
      SILENT_LOG,
    );
    await waitFor(() => opened === 1);
    await pause(0);
    supervised.reopen('the test replaces it');
    // Longer than the first pause before a channel is opened again.
    await pause(200);
    expect(opened).toBe(1);
    endSetUp(new Error('Channel ended, no reply will be forthcoming'));
    await waitFor(() => supervised.ready !== undefined, { timeoutMs: 5_000 });
    expect(opened).toBe(2);
    await supervised.stop();
  });
});
