import './overview-page.css';
import './graph/cards.css';
import { Focus, List, Waypoints, X } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { edgeKey } from '../../live/apply-changes';
import { useFeed } from '../../live/live-topology';
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
import { EmptyTopology } from './empty-topology';
import type { GraphActions } from './graph/card-node';
import { TopologyGraph } from './graph/topology-graph';
import { ServicePanel } from './service-panel';
import { ServiceSearch } from './service-search';
import { TroubleList } from './trouble-list';
import { useIsNarrow } from './use-is-narrow';

/** Does everything get through? Current troubles, then the live topology. */
export function OverviewPage() {
  const { topology, state, problem } = useFeed();
  const [query, setQuery] = useQueryState(['focus', 'open', 'search', 'view']);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useIsNarrow();
  const navigate = useNavigate();
  const view = query.view || (isNarrow ? 'list' : 'graph');
  const troubles = topology?.troubles ?? [];
  const options = useMemo(
    () => ({ focus: query.focus, search: query.search.trim(), expanded }),
    [query.focus, query.search, expanded],
  );
  const actions = useMemo(
    (): GraphActions => ({
      openService: (name) => setQuery({ open: name }),
      openEdge: (edge) => setQuery({ open: edgeKey(edge) }),
      openManagers: () => void navigate('/cluster'),
      toggleGroup: (key) =>
        setExpanded((before) => {
          const after = new Set(before);
          if (!after.delete(key)) after.add(key);
          return after;
        }),
      isExpanded: (key) => expanded.has(key),
    }),
    [setQuery, navigate, expanded],
  );
  // The graph may lag slightly behind: it renders at low priority, so that the page stays responsive.
  const deferredTopology = useDeferredValue(topology);
  const names = topology?.services.map(({ name }) => name) ?? [];
  const openEdge = topology?.edges.find((edge) => edgeKey(edge) === query.open);
  const openService = topology?.services.find(({ name }) => name === query.open);
  const isOpen = openEdge !== undefined || openService !== undefined;
  const rate = topology?.managers.reduce((sum, { receivedPerS }) => sum + receivedPerS, 0) ?? 0;
  const close = () => setQuery({ open: '' });
  return (
    <Page
      title="Overview"
      note={
        topology === undefined
          ? 'Publishers, subscribers, and whether everything gets through.'
          : `${plural(topology.services.length, 'service')}, ${plural(topology.edges.length, 'subscription')}, ${formatRate(rate)} events/s.`
      }
    >
      {state === 'lost' && problem !== undefined && (
        <ProblemNote
          error={problem}
          what={topology === undefined ? 'Could not load the topology.' : 'This data is no longer live.'}
        />
      )}
      {topology === undefined ? (
        state !== 'lost' && (
          <Card title="Topology">
            <Skeleton lines={8} />
          </Card>
        )
      ) : topology.edges.length === 0 && topology.services.length === 0 ? (
        <EmptyTopology />
      ) : (
        <>
          <TroubleList troubles={troubles} />
          <search className="overview-tools">
            <ServiceSearch
              names={names}
              value={query.focus || query.search}
              onChange={(value) =>
                setQuery(names.includes(value) ? { focus: value, search: '' } : { focus: '', search: value })
              }
            />
            {(query.focus !== '' || query.search !== '') && (
              <Button small onClick={() => setQuery({ focus: '', search: '' })}>
                {query.focus !== '' && <Focus size={14} aria-hidden />}
                {query.focus !== '' ? `Only ${query.focus}` : 'Show all'}
                <X size={13} aria-hidden />
                {query.focus !== '' && <span className="hidden-visually">, show all</span>}
              </Button>
            )}
            <span className="grow" />
            <Segmented<'graph' | 'list'>
              label="View"
              value={view as 'graph' | 'list'}
              onChange={(chosen) => setQuery({ view: chosen })}
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
              <TopologyGraph topology={deferredTopology ?? topology} options={options} actions={actions} />
            ) : (
              <EdgeList edges={(deferredTopology ?? topology).edges} options={options} onOpen={actions.openEdge} />
            )}
            {openEdge !== undefined && <EdgePanel edge={openEdge} onClose={close} />}
            {openService !== undefined && (
              <ServicePanel
                service={openService}
                edges={topology.edges}
                onOpenEdge={actions.openEdge}
                onFocus={() => setQuery({ focus: openService.name, search: '' })}
                onClose={close}
              />
            )}
          </div>
        </>
      )}
    </Page>
  );
}
