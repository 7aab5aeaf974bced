import './overview-page.css';
import './graph/cards.css';
import { Focus, List, Waypoints, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { edgeKey } from '../../live/apply-changes';
import { useFeed } from '../../live/live-topology';
import { troublesOf } from '../../live/troubles';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { formatRate, plural } from '../../ui/format';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem-note';
import { Segmented } from '../../ui/segmented';
import { Skeleton } from '../../ui/skeleton';
import { useQueryState } from '../../ui/use-query-state';
import { EdgeList } from './edge-list';
import { EdgePanel } from './edge-panel';
import type { GraphActions } from './graph/card-node';
import { TopologyGraph } from './graph/topology-graph';
import { NobodyYet } from './nobody-yet';
import { ServicePanel } from './service-panel';
import { ServiceSearch } from './service-search';
import { TroubleList } from './trouble-list';
import { useIsNarrow } from './use-is-narrow';

/** Does everything get through? The topology, live; what is wrong, first. */
export function OverviewPage() {
  const { topology, state, problem } = useFeed();
  const [asked, ask] = useQueryState(['focus', 'open', 'search', 'view']);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useIsNarrow();
  const navigate = useNavigate();
  const view = asked.view || (isNarrow ? 'list' : 'graph');
  const troubles = useMemo(() => (topology === undefined ? [] : troublesOf(topology)), [topology]);
  const options = useMemo(
    () => ({ focus: asked.focus, search: asked.search.trim(), expanded }),
    [asked.focus, asked.search, expanded],
  );
  const actions = useMemo(
    (): GraphActions => ({
      openService: (name) => ask({ open: name }),
      openEdge: (edge) => ask({ open: edgeKey(edge) }),
      openManagers: () => void navigate('/cluster'),
      toggleGroup: (key) =>
        setExpanded((before) => {
          const after = new Set(before);
          if (!after.delete(key)) after.add(key);
          return after;
        }),
      isExpanded: (key) => expanded.has(key),
    }),
    [ask, navigate, expanded],
  );
  // The picture may come a moment after the words: it is drawn in small steps, so that the page never stands still.
  const drawn = useDeferredValue(topology);
  const names = topology?.services.map(({ name }) => name) ?? [];
  const openEdge = topology?.edges.find((edge) => edgeKey(edge) === asked.open);
  const openService = topology?.services.find(({ name }) => name === asked.open);
  const isOpen = openEdge !== undefined || openService !== undefined;
  const rate = topology?.managers.reduce((sum, { receivedPerS }) => sum + receivedPerS, 0) ?? 0;
  const close = () => ask({ open: '' });
  return (
    <Page
      title="Overview"
      note={
        topology === undefined
          ? 'Who publishes, who subscribes, and whether everything gets through.'
          : `${plural(topology.services.length, 'service')}, ${plural(topology.edges.length, 'subscription')}, ${formatRate(rate)} events/s.`
      }
    >
      {state === 'lost' && problem !== undefined && (
        <ProblemNote
          error={problem}
          what={topology === undefined ? 'The topology can’t be had.' : 'What you see is not live any more.'}
        />
      )}
      {topology === undefined ? (
        state !== 'lost' && (
          <Card title="Topology">
            <Skeleton lines={8} />
          </Card>
        )
      ) : topology.edges.length === 0 && topology.services.length === 0 ? (
        <NobodyYet />
      ) : (
        <>
          <TroubleList troubles={troubles} />
          <search className="overview-tools">
            <ServiceSearch
              names={names}
              value={asked.focus || asked.search}
              onChange={(value) =>
                ask(names.includes(value) ? { focus: value, search: '' } : { focus: '', search: value })
              }
            />
            {(asked.focus !== '' || asked.search !== '') && (
              <Button small onClick={() => ask({ focus: '', search: '' })}>
                {asked.focus !== '' && <Focus size={14} aria-hidden />}
                {asked.focus !== '' ? `Only ${asked.focus}` : 'Show all'}
                <X size={13} aria-hidden />
                {asked.focus !== '' && <span className="hidden-visually">, show all</span>}
              </Button>
            )}
            <span className="grow" />
            <Segmented<'graph' | 'list'>
              label="Shown as"
              value={view as 'graph' | 'list'}
              onChange={(chosen) => ask({ view: chosen })}
              options={[
                [
                  'graph',
                  <span key="graph" className="row">
                    <Waypoints size={14} aria-hidden />
                    Graph
                  </span>,
                ],
                [
                  'list',
                  <span key="list" className="row">
                    <List size={14} aria-hidden />
                    List
                  </span>,
                ],
              ]}
            />
          </search>
          <div className={`overview-body${isOpen ? ' overview-open' : ''}`}>
            {view === 'graph' ? (
              <TopologyGraph topology={drawn ?? topology} options={options} actions={actions} />
            ) : (
              <EdgeList edges={(drawn ?? topology).edges} options={options} onOpen={actions.openEdge} />
            )}
            {openEdge !== undefined && <EdgePanel edge={openEdge} onClose={close} />}
            {openService !== undefined && (
              <ServicePanel
                service={openService}
                edges={topology.edges}
                onOpenEdge={actions.openEdge}
                onFocus={() => ask({ focus: openService.name, search: '' })}
                onClose={close}
              />
            )}
          </div>
        </>
      )}
    </Page>
  );
}
