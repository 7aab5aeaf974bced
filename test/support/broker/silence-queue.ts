import type { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';

/**
 * Suspends the process of a quorum queue: the broker answers, but confirms nothing for this queue, as if it had no
 * leader.
 *
 * @returns ends it.
 */
export async function silenceQueue(server: PrivateRabbitMq, queue: string, vhost = '/'): Promise<() => Promise<void>> {
  const on = (change: 'suspend' | 'resume') =>
    server.control(
      'eval',
      `{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"${vhost}">>, queue, <<"${queue}">>)), {Name, _} = amqqueue:get_pid(Q), sys:${change}(Name).`,
    );
  await on('suspend');
  return async () => {
    await on('resume');
  };
}
