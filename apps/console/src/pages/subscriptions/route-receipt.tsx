import { RefreshCw } from 'lucide-react';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Facts } from '../../ui/facts';
import { plural } from '../../ui/format';
import { Loaded } from '../../ui/loaded';
import { useReceipt } from './subscription-queries';

const TONES = { healed: 'info', note: 'idle', warning: 'warn' } as const;

/** Compares the map with queues and bindings, to prove that an event would be delivered. */
export function RouteReceipt({ publisher, subscriber }: { readonly publisher: string; readonly subscriber: string }) {
  const receipt = useReceipt(publisher, subscriber);
  return (
    <section className="stack-s" aria-label="Route receipt">
      <div className="row row-spread">
        <h3>Route receipt</h3>
        <Button small disabled={receipt.isFetching} onClick={() => void receipt.refetch()}>
          <RefreshCw size={13} aria-hidden />
          {receipt.isFetching ? 'Checking…' : 'Check again'}
        </Button>
      </div>
      <Loaded query={receipt} what="Could not check the route." lines={3}>
        {({ goesTo, queue, waiting, managers, findings }) => (
          <>
            <Facts
              of={[
                ['Routed to', <code key="to">{goesTo}</code>],
                ['Confirmed by', plural(managers, 'event manager')],
                [
                  'Queue',
                  `${plural(queue.events, 'event')}, ${plural(queue.consumers, 'consumer')}${queue.kind ? `, ${queue.kind}` : ''}`,
                ],
                ['Waiting', waiting && plural(waiting.events, 'event')],
              ]}
            />
            {findings.length === 0 ? (
              <p>
                <Badge tone="ok">Map and broker match</Badge>
              </p>
            ) : (
              <ul className="stack-s">
                {findings.map(({ code, state, message }) => (
                  <li key={code}>
                    <Badge tone={TONES[state]}>{state}</Badge> {message} <code className="muted">{code}</code>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
