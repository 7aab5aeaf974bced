import type { Edge, ManagerNode, ServiceNode, Topology } from '../../../live/apply-changes';
import type { Tone } from '../../../ui/tone';

/** The content of a card, by its kind. */
export type CardData =
  | { readonly kind: 'publisher'; readonly service: ServiceNode; readonly ratePerS: number; readonly tone: Tone }
  | {
      readonly kind: 'subscriber';
      readonly service: ServiceNode;
      readonly edges: readonly Edge[];
      /** Whether each subscription has its own row; otherwise one line sums them up. */
      readonly hasRows: boolean;
      readonly tone: Tone;
    }
  | {
      readonly kind: 'group';
      readonly side: 'publisher' | 'subscriber';
      readonly name: string;
      readonly members: readonly string[];
      /** The number of members by colour. */
      readonly tones: Readonly<Partial<Record<Tone, number>>>;
      readonly ratePerS: number;
      readonly depth: number;
      readonly tone: Tone;
    }
  | {
      readonly kind: 'managers';
      readonly managers: readonly ManagerNode[];
      readonly intake: Topology['intake'];
      readonly tone: Tone;
    };

export interface Card {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: CardData;
}

/** A line between two cards. */
export interface Line {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** The row of the target card where the line ends; undefined: the card itself. */
  readonly row: string | undefined;
  readonly tone: Tone;
  readonly isMoving: boolean;
}

export interface Graph {
  readonly cards: readonly Card[];
  readonly lines: readonly Line[];
}

export interface GraphOptions {
  /** Show only this service with its publishers and subscribers. Empty: all. */
  readonly focus: string;
  /** Show only services whose name contains this. Empty: all. */
  readonly search: string;
  /** Groups whose members are shown, as `side name`. Only large topologies have groups. */
  readonly expanded: ReadonlySet<string>;
}
