import type { EntityType } from '@dbem/db-event';
import type { SeenEvent } from '../tail/seen-event';
import type { TailFilter } from '../tail/tail-filter';

/** How an event manager is, in its own words. */
export interface ManagerStatus {
  readonly kind: 'status';
  /** What its id among the map's members begins with. */
  readonly manager: string;
  readonly software: string;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly isReady: boolean;
  readonly reasons: readonly string[];
  /** Its last word: it stops in good order. */
  readonly isLeaving?: boolean;
  /** Events taken from the managers' queue since its start. */
  readonly received: readonly (readonly [publisher: string, entityType: EntityType, total: number])[];
}

/** Somebody wants to see events as they pass. */
export interface Watch {
  readonly id: string;
  readonly filter: TailFilter;
  readonly withContent: boolean;
}

/** An event that passed, for those who watch. */
export interface PassedEvent {
  readonly watches: readonly string[];
  readonly event: SeenEvent;
  /** The message, in base64, if a watch wants the content and it is not too large. */
  readonly body?: string;
}

/** What event managers tell each other about themselves, and about events that somebody watches. */
export type ManagerMessage =
  | ManagerStatus
  /** Who watches at `manager`: all of them, said again and again. Send what passes to `queue`. */
  | { readonly kind: 'watches'; readonly manager: string; readonly queue: string; readonly watches: readonly Watch[] }
  /** What has passed at another manager, and how much more of it has. */
  | {
      readonly kind: 'passed';
      readonly events: readonly PassedEvent[];
      readonly skipped: Readonly<Record<string, number>>;
    };

export function encodeManagerMessage(message: ManagerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** @throws SyntaxError for what no event manager sends. */
export function decodeManagerMessage(body: Buffer): ManagerMessage {
  return JSON.parse(body.toString('utf8')) as ManagerMessage;
}
