import { type Edge, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import type { Line } from './graph';

export type FlowEdge = Edge<Pick<Line, 'tone' | 'isMoving'>, 'flow'>;

/** A line between two cards, in the colour of its state; animated while events flow. */
export const FlowLine = memo(function FlowLine(props: EdgeProps<FlowEdge>) {
  const { id, data } = props;
  const [path] = getBezierPath(props);
  const tone = data?.tone ?? 'ok';
  const isMoving = data?.isMoving ?? false;
  return (
    <g data-line={id} data-tone={tone}>
      <path d={path} className={`flow-line flow-${tone}${tone === 'ok' && !isMoving ? ' flow-still' : ''}`} />
      {isMoving && <path d={path} className="flow-line flow-moving" />}
    </g>
  );
});
