import { formatDuration, formatMoment } from './format';
import { useNow } from './use-now';

/** "3 min 20 s ago", with the exact time as tooltip. */
export function TimeAgo({ at }: { readonly at: string }) {
  const ageMs = Math.max(useNow() - Date.parse(at), 0);
  return (
    <time dateTime={at} title={formatMoment(at)} className="number nowrap">
      {ageMs < 1_500 ? 'now' : `${formatDuration(Math.floor(ageMs / 1_000) * 1_000)} ago`}
    </time>
  );
}
