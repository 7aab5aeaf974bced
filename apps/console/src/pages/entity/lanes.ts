import type { Schemas } from '../../api/schemas';
import { formatDuration } from '../../ui/format';
import type { Tone } from '../../ui/tone';
import { REPLICA_STATES } from './replica-states';

type Report = Schemas['EntityReportDto'];

/** One line of the time line: the source, or a replica. */
export interface Lane {
  readonly name: string;
  readonly isSource: boolean;
  readonly tone: Tone;
  /** In a word, and what it means. */
  readonly state: string;
  readonly means: string;
  readonly version: string | undefined;
  readonly at: string | undefined;
  /** Where it stands between the first moment and the last, 0 to 1; undefined: it has no moment. */
  readonly place: number | undefined;
  /** "42 ms after", compared with the source. */
  readonly delay: string | undefined;
}

/** A report as lanes with places in time: from the first moment that any of them names to the last. */
export function lanesOf({ publisher, source, services }: Report): Lane[] {
  const moments = [source.changedAt, ...services.map(({ appliedAt }) => appliedAt)]
    .filter((at) => at !== undefined)
    .map((at) => Date.parse(at));
  const first = Math.min(...moments);
  const span = Math.max(...moments) - first;
  const placeOf = (at: string | undefined) =>
    at === undefined ? undefined : span === 0 ? 0 : (Date.parse(at) - first) / span;
  const sourceLane: Lane = {
    name: publisher,
    isSource: true,
    tone: source.status === 'unreachable' ? 'bad' : source.status === 'unpublished' ? 'idle' : 'ok',
    state: source.status,
    means: source.reason ?? describeSource(source),
    version: source.version,
    at: source.changedAt,
    place: placeOf(source.changedAt),
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
        means: reason ?? REPLICA_STATES[state].means,
        version,
        at: appliedAt,
        place: placeOf(appliedAt),
        delay: delayMs === undefined ? undefined : `${formatDuration(Math.max(delayMs, 0))} after the change`,
      };
    }),
  ];
}

function describeSource({ status, unpublished = [] }: Report['source']): string {
  if (unpublished.length > 0) return `${unpublished.length} of its changes wait in the outbox`;
  if (status === 'deleted') return 'deleted at the source';
  return status === 'unpublished' ? 'never published' : 'the source';
}
