import '@xyflow/react/dist/style.css';
import './cards.css';
import './topology-graph.css';
import { Background, Controls, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { memo, useEffect, useMemo, useRef } from 'react';
import type { Topology } from '../../../live/apply-changes';
import { buildGraph } from './build-graph';
import { CardNode, type CardNodeType, type GraphActions, GraphActionsContext } from './card-node';
import { type FlowEdge, FlowLine } from './flow-line';
import type { GraphOptions } from './graph';
import { keepEqual } from './keep-equal';

interface TopologyGraphProps {
  readonly topology: Topology;
  readonly options: GraphOptions;
  readonly actions: GraphActions;
}

const NODE_TYPES = { card: CardNode };
const EDGE_TYPES = { flow: FlowLine };
/** With more lines than this, none is animated: it would be distracting and slow. */
const MAX_ANIMATED = 24;
const FIT = { padding: 0.06, maxZoom: 1.1, minZoom: 0.35, duration: 0 } as const;

/** The topology as a graph: publishers, event managers, subscribers, and the flow between them. */
export const TopologyGraph = memo(function TopologyGraph(props: TopologyGraphProps) {
  return (
    <ReactFlowProvider>
      <GraphActionsContext value={props.actions}>
        <GraphView {...props} />
      </GraphActionsContext>
    </ReactFlowProvider>
  );
});

function GraphView({ topology, options }: TopologyGraphProps) {
  const graph = useMemo(() => buildGraph(topology, options), [topology, options]);
  const nodesBefore = useRef<CardNodeType[]>([]);
  const edgesBefore = useRef<FlowEdge[]>([]);
  const nodes = useMemo(() => {
    const drawn = graph.cards.map(
      ({ id, x, y, width, height, data }): CardNodeType => ({
        id,
        type: 'card',
        position: { x, y },
        width,
        height,
        data: data as CardNodeType['data'],
      }),
    );
    nodesBefore.current = keepEqual(nodesBefore.current, drawn);
    return nodesBefore.current;
  }, [graph]);
  const edges = useMemo(() => {
    const drawn = graph.lines.map(
      ({ id, source, target, row, tone, isMoving }): FlowEdge => ({
        id,
        type: 'flow',
        source,
        target,
        targetHandle: row,
        data: { tone, isMoving },
      }),
    );
    edgesBefore.current = keepEqual(edgesBefore.current, drawn);
    return edgesBefore.current;
  }, [graph]);
  // The view is fitted when the set of cards changes, not whenever a number changes.
  const visibleCards = graph.cards.map(({ id }) => id).join('|');
  return (
    <div className={`graph${edges.length > MAX_ANIMATED ? ' graph-many' : ''}`}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        onlyRenderVisibleElements={nodes.length > 120}
        zoomOnScroll={false}
        preventScrolling={false}
        zoomOnDoubleClick={false}
        minZoom={0.15}
        maxZoom={1.6}
        fitView
        fitViewOptions={FIT}
        aria-label="Topology"
      >
        <Background gap={22} size={1.2} />
        <Controls showInteractive={false} fitViewOptions={FIT} />
        <AutoFit visibleCards={visibleCards} />
      </ReactFlow>
    </div>
  );
}

function AutoFit({ visibleCards }: { readonly visibleCards: string }) {
  const { fitView } = useReactFlow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: fits the view when the set of cards changes.
  useEffect(() => {
    void fitView(FIT);
  }, [visibleCards, fitView]);
  useEffect(() => {
    const element = document.querySelector('.graph');
    if (element === null) return;
    const observer = new ResizeObserver(() => void fitView(FIT));
    observer.observe(element);
    return () => observer.disconnect();
  }, [fitView]);
  return null;
}
