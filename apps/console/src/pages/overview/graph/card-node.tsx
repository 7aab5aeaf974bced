import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { createContext, memo, useContext } from 'react';
import type { Edge } from '../../../live/apply-changes';
import type { CardData } from './graph';
import { GroupCard } from './group-card';
import { ManagersCard } from './managers-card';
import { PublisherCard } from './publisher-card';
import { SubscriberCard } from './subscriber-card';

export type CardNodeType = Node<CardData & Record<string, unknown>, 'card'>;

/** What the cards of a graph do when clicked. */
export interface GraphActions {
  openService(name: string): void;
  openEdge(edge: Edge): void;
  openManagers(): void;
  toggleGroup(key: string): void;
  isExpanded(key: string): boolean;
}

export const GraphActionsContext = createContext<GraphActions | undefined>(undefined);

/** A card with the handles that its lines connect to. */
export const CardNode = memo(function CardNode({ data }: NodeProps<CardNodeType>) {
  const actions = useContext(GraphActionsContext);
  if (actions === undefined) throw new Error('CardNode must be used inside GraphActionsContext');
  const card = data as CardData;
  const isSender = card.kind === 'publisher' || (card.kind === 'group' && card.side === 'publisher');
  const hasOwnRows = card.kind === 'subscriber' && card.hasRows;
  return (
    <>
      {(isSender || card.kind === 'managers') && (
        <Handle type="source" position={Position.Right} isConnectable={false} />
      )}
      {!isSender && !hasOwnRows && <Handle type="target" position={Position.Left} isConnectable={false} />}
      {contentOf(card, actions)}
    </>
  );
});

function contentOf(card: CardData, actions: GraphActions) {
  switch (card.kind) {
    case 'publisher':
      return <PublisherCard data={card} onOpen={actions.openService} />;
    case 'subscriber':
      return <SubscriberCard data={card} onOpen={actions.openService} onOpenEdge={actions.openEdge} />;
    case 'managers':
      return <ManagersCard data={card} onOpen={actions.openManagers} />;
    case 'group': {
      const key = `${card.side} ${card.name}`;
      return <GroupCard data={card} isExpanded={actions.isExpanded(key)} onToggle={() => actions.toggleGroup(key)} />;
    }
  }
}
