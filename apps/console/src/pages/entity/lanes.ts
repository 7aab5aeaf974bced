import type { Schemas } from '../../api/schemas';
import { formatDuration, plural } from '../../ui/format';
import type { Tone } from '../../ui/tone';
import { REPLICA_STATES } from './replica-states';

type Report = Schemas['EntityReportDto'];

/** One lane of the timeline: the source, or a replica. */
export interface Lane {
  readonly name: string;
  readonly isSource: boolean;
  readonly tone: Tone;
  readonly state: string;
  readonly meaning: string;
  readonly version: string | undefined;
  readonly at: string | undefined;
  /** Between the first time (0) and the last (1) of all lanes; undefined without a time. */
  readonly position: number | undefined;
  /** "42 ms after the change", for a replica with the version of the source. */
  readonly delay: string | undefined;
}

/** Converts a report to lanes, positioned between the first and the last time in the report. */
export function lanesOf({ publisher, source, services }: Report): Lane[] {
  const times = [source.changedAt, ...services.map(({ appliedAt }) => appliedAt)]
    .filter((at) => at !== undefined)
    .map((at) => Date.parse(at));
  const first = Math.min(...times);
  const span = Math.max(...times) - first;
  const positionOf = (at: string | undefined) =>
    at === undefined ? undefined : span === 0 ? 0 : (Date.parse(at) - first) / span;
  const sourceLane: Lane = {
    name: publisher,
    isSource: true,
    tone: source.status === 'unreachable' ? 'bad' : source.status === 'unpublished' ? 'idle' : 'ok',
    state: source.status,
    meaning: source.reason ?? describeSource(source),
    version: source.version,
    at: source.changedAt,
    position: positionOf(source.changedAt),
    delay: undefined,
  };
  return [
    sourceLane,
    ...services.map(({ service, state, version, deleted, appliedAt, reason }): Lane => {
      const isSameVersion = version !== undefined && version === source.version;
      const delayMs =
        isSameVersion && appliedAt && source.changedAt
          ? Date.parse(appliedAt) - Date.parse(source.changedAt)
          : undefined;
      return {
        name: service,
        isSource: false,
        tone: REPLICA_STATES[state].tone,
        state: deleted ? `${state}, deleted` : state,
        meaning: reason ?? REPLICA_STATES[state].meaning,
        version,
        at: appliedAt,
        position: positionOf(appliedAt),
        delay: delayMs === undefined ? undefined : `${formatDuration(Math.max(delayMs, 0))} after the change`,
      };
    }),
  ];
}

function describeSource({ status, unpublished = [] }: Report['source']): string {
  if (unpublished.length > 0) return `${plural(unpublished.length, 'change')} waiting in the outbox`;
  if (status === 'deleted') return 'deleted at the source';
  return status === 'unpublished' ? 'never published' : 'the source';
}
