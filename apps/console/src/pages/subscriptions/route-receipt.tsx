import { RefreshCw } from 'lucide-react';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Facts } from '../../ui/facts';
import { plural } from '../../ui/format';
import { Loaded } from '../../ui/loaded';
import { useReceipt } from './subscription-queries';

const TONES = { healed: 'info', note: 'idle', warning: 'warn' } as const;

/** Map, queues and bindings compared: proof that an event would get there. */
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
      <Loaded query={receipt} what="The route could not be checked." lines={3}>
        {({ goesTo, queue, waiting, managers, findings }) => (
          <>
            <Facts
              of={[
                ['An event goes to', <code key="to">{goesTo}</code>],
                ['Agreed by', plural(managers, 'event manager')],
                [
                  'Its queue',
                  `${plural(queue.messages, 'event')}, ${plural(queue.consumers, 'consumer')}${queue.kind ? `, ${queue.kind}` : ''}`,
                ],
                ['Waiting', waiting && plural(waiting.messages, 'event')],
              ]}
            />
            {findings.length === 0 ? (
              <p>
                <Badge tone="ok">Map and broker agree</Badge>
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
