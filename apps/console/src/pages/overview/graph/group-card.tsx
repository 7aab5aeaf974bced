import { ChevronRight } from 'lucide-react';
import { formatCompact, formatRate } from '../../../ui/format';
import type { CardData } from './graph';

const SHOWN = ['bad', 'warn', 'info', 'idle'] as const;
const LABELS = { bad: 'failing', warn: 'with warnings', info: 'backfilling', idle: 'paused' } as const;

interface GroupCardProps {
  readonly data: Extract<CardData, { kind: 'group' }>;
  readonly isExpanded: boolean;
  onToggle(): void;
}

/** A group of services with the same name prefix, with the number of members in each state. */
export function GroupCard({ data, isExpanded, onToggle }: GroupCardProps) {
  const { name, members, tones, ratePerS, depth, tone, side } = data;
  return (
    <article className={`node node-${tone} node-group`} aria-label={`Group ${name}, ${members.length} ${side}s`}>
      <button type="button" className="node-head" aria-expanded={isExpanded} onClick={onToggle}>
        <ChevronRight size={14} aria-hidden className={isExpanded ? 'turned' : undefined} />
        <strong title={members.join(', ')}>
          {name} <span className="muted">{members.length}</span>
        </strong>
        {tone === 'ok' && <small className="tone-ok number">{formatRate(ratePerS)}/s</small>}
        {depth > 0 && tone !== 'ok' && <span className="hidden-visually">{formatCompact(depth)} waiting</span>}
        {SHOWN.map((one) =>
          tones[one] === undefined || (side === 'publisher' && one === 'idle') ? null : (
            <span key={one} className={`pill pill-${one}`} title={`${tones[one]} ${LABELS[one]}`}>
              {tones[one]}
              <span className="hidden-visually"> {LABELS[one]}</span>
            </span>
          ),
        )}
      </button>
    </article>
  );
}
