import './flow-page.css';
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { useFeed } from '../../live/live-topology';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { Segmented } from '../../ui/segmented';
import { SelectField } from '../../ui/select-field';
import { useQueryState } from '../../ui/use-query-state';
import { FlowCharts } from './flow-charts';
import { LiveTail } from './live-tail';

const REFRESH_MS = 5_000;

/** Throughput, lag and backlog, and the live tail. */
export function FlowPage() {
  const [state, change] = useQueryState(['publisher', 'subscriber', 'minutes']);
  const { publisher, subscriber } = state;
  const minutes = state.minutes || '60';
  const { topology } = useFeed();
  const edges = topology?.edges ?? [];
  const publishers = unique(
    edges.filter((edge) => subscriber === '' || edge.subscriber === subscriber).map((edge) => edge.publisher),
  );
  const subscribers = unique(
    edges.filter((edge) => publisher === '' || edge.publisher === publisher).map((edge) => edge.subscriber),
  );
  const flow = useQuery({
    queryKey: ['flow', publisher, subscriber, minutes],
    queryFn: () =>
      answer(
        api.GET('/admin/v1/flow', {
          params: {
            query: {
              publisher: publisher || undefined,
              subscriber: subscriber || undefined,
              minutes: Number(minutes),
            },
          },
        }),
      ),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  });
  return (
    <Page title="Flow" note="Throughput, lag and backlog, overall or per subscription, and the events as they pass.">
      <search className="filters">
        <SelectField
          label="Publisher"
          value={publisher}
          options={[['', 'all'], ...withChosen(publishers, publisher)]}
          onChange={(chosen) => change({ publisher: chosen })}
        />
        <SelectField
          label="Subscriber"
          value={subscriber}
          options={[['', 'all'], ...withChosen(subscribers, subscriber)]}
          onChange={(chosen) => change({ subscriber: chosen })}
        />
        <Segmented
          label="Time range"
          value={minutes}
          onChange={(chosen) => change({ minutes: chosen === '60' ? '' : chosen })}
          options={[
            ['5', '5 min'],
            ['15', '15 min'],
            ['60', '1 hour'],
          ]}
        />
      </search>
      <Loaded query={flow} what="Could not load the charts.">
        {(columns) => <FlowCharts flow={columns} />}
      </Loaded>
      <LiveTail publisher={publisher} subscriber={subscriber} />
    </Page>
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function withChosen(names: readonly string[], chosen: string): (readonly [string, string])[] {
  const all = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return all.map((name) => [name, name] as const);
}
