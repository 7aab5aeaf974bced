import './entity-report.css';
import { GitCompareArrows } from 'lucide-react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/schemas';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { TimeAgo } from '../../ui/time-ago';
import { FieldDifferences } from './field-differences';
import { lanesOf } from './lanes';
import { WhyBehind } from './why-behind';

/** A timeline: for the source and each replica, when it got its current version. */
export function EntityReport({ report }: { readonly report: Schemas['EntityReportDto'] }) {
  const { publisher, entityType, entityId, source, services } = report;
  const lanes = lanesOf(report);
  const behind = services.filter(({ state }) => !['current', 'unhandled'].includes(state));
  const summary =
    services.length === 0
      ? 'No service subscribes to this entity type.'
      : behind.length === 0
        ? 'Every replica matches the source.'
        : `${behind.length} of ${services.length} replicas ${behind.length === 1 ? 'does' : 'do'} not match the source.`;
  return (
    <>
      <Card
        title={entityId}
        note={`${entityType} of ${publisher}. ${summary}`}
        actions={
          <Link className="button button-small" to={`/reconcile?${new URLSearchParams({ publisher })}`}>
            <GitCompareArrows size={14} aria-hidden />
            Compare replicas
          </Link>
        }
      >
        <ul className="lanes">
          {lanes.map(({ name, isSource, tone, state, meaning, version, at, position, delay }) => (
            <li key={isSource ? `source ${name}` : name} className={`lane-${tone}`}>
              <div className="lane-name">
                <strong>{name}</strong>
                <span className="muted">{isSource ? 'source' : 'replica'}</span>
              </div>
              <div className="lane-line">
                {position !== undefined && (
                  <div
                    className={`lane-mark number ${position > 0.7 ? 'lane-mark-right' : ''}`}
                    style={{ left: `${position * 100}%` }}
                  >
                    <span>version {version}</span>
                    <small>{delay ?? (at !== undefined && <TimeAgo at={at} />)}</small>
                  </div>
                )}
              </div>
              <div className="lane-state">
                <Badge tone={tone}>{state}</Badge>
                <p>{meaning}</p>
              </div>
            </li>
          ))}
        </ul>
        {services.length === 0 && source.status === 'unpublished' && (
          <EmptyState icon={GitCompareArrows} title="Unknown entity">
            The publisher has never published this entity. Check its type and the spelling of its ID.
          </EmptyState>
        )}
      </Card>
      <WhyBehind report={report} />
      <FieldDifferences report={report} />
    </>
  );
}
