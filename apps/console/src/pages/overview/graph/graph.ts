import type { Edge, ManagerNode, ServiceNode, Topology } from '../../../live/apply-changes';
import type { Tone } from '../../../ui/tone';

/** What the cards of the graph show. */
export type CardData =
  | { readonly kind: 'publisher'; readonly service: ServiceNode; readonly ratePerS: number; readonly tone: Tone }
  | {
      readonly kind: 'subscriber';
      readonly service: ServiceNode;
      readonly edges: readonly Edge[];
      /** Each subscription in a row of its own; else all of them in one line. */
      readonly hasRows: boolean;
      readonly tone: Tone;
    }
  | {
      readonly kind: 'group';
      readonly side: 'publisher' | 'subscriber';
      readonly name: string;
      readonly members: readonly string[];
      /** How many of its members are in which colour. */
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
  /** The row of the target that it leads to; undefined: the card. */
  readonly row: string | undefined;
  readonly tone: Tone;
  readonly isMoving: boolean;
}

export interface Graph {
  readonly cards: readonly Card[];
  readonly lines: readonly Line[];
}

export interface GraphOptions {
  /** Only this service, with whom it hears and who hears it. Empty: all. */
  readonly focus: string;
  /** Only services whose name has this in it. Empty: all. */
  readonly search: string;
  /** Groups (there are some if there are many services) that are shown member by member, as `side name`. */
  readonly expanded: ReadonlySet<string>;
}
