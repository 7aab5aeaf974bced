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
/** With more lines than this, none moves: it would be neither calm nor cheap. */
const MOST_MOVING = 24;
const FIT = { padding: 0.06, maxZoom: 1.1, minZoom: 0.35, duration: 0 } as const;

/** The topology as a picture: publishers, event managers, subscribers, and what flows between them. */
export const TopologyGraph = memo(function TopologyGraph(props: TopologyGraphProps) {
  return (
    <ReactFlowProvider>
      <GraphActionsContext value={props.actions}>
        <Picture {...props} />
      </GraphActionsContext>
    </ReactFlowProvider>
  );
});

function Picture({ topology, options }: TopologyGraphProps) {
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
  // The picture is put into its frame when other cards come into sight, not whenever a number changes.
  const sight = graph.cards.map(({ id }) => id).join('|');
  return (
    <div className={`graph${edges.length > MOST_MOVING ? ' graph-many' : ''}`}>
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
        <Framer sight={sight} />
      </ReactFlow>
    </div>
  );
}

function Framer({ sight }: { readonly sight: string }) {
  const { fitView } = useReactFlow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in sight is what asks for it.
  useEffect(() => {
    void fitView(FIT);
  }, [sight, fitView]);
  useEffect(() => {
    const frame = document.querySelector('.graph');
    if (frame === null) return;
    const observer = new ResizeObserver(() => void fitView(FIT));
    observer.observe(frame);
    return () => observer.disconnect();
  }, [fitView]);
  return null;
}
