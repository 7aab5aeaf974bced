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

/** Source and replicas below each other, each at the moment when it got the version that it has. */
export function EntityReport({ report }: { readonly report: Schemas['EntityReportDto'] }) {
  const { publisher, entityType, entityId, source, services } = report;
  const lanes = lanesOf(report);
  const behind = services.filter(({ state }) => !['current', 'unhandled'].includes(state));
  const summary =
    services.length === 0
      ? 'Nobody is subscribed to such entities.'
      : behind.length === 0
        ? 'Every replica is as the source has it.'
        : `${behind.length} of ${services.length} replicas ${behind.length === 1 ? 'is' : 'are'} not as the source has it.`;
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
          {lanes.map(({ name, isSource, tone, state, means, version, at, place, delay }) => (
            <li key={isSource ? `source ${name}` : name} className={`lane-${tone}`}>
              <div className="lane-name">
                <strong>{name}</strong>
                <span className="muted">{isSource ? 'source' : 'replica'}</span>
              </div>
              <div className="lane-line">
                {place !== undefined && (
                  <div
                    className={`lane-mark number ${place > 0.7 ? 'lane-mark-right' : ''}`}
                    style={{ left: `${place * 100}%` }}
                  >
                    <span>version {version}</span>
                    <small>{delay ?? (at !== undefined && <TimeAgo at={at} />)}</small>
                  </div>
                )}
              </div>
              <div className="lane-state">
                <Badge tone={tone}>{state}</Badge>
                <p>{means}</p>
              </div>
            </li>
          ))}
        </ul>
        {services.length === 0 && source.status === 'unpublished' && (
          <EmptyState icon={GitCompareArrows} title="Unknown to all">
            The publisher has never published such an entity. Look at the type and at the spelling of the id.
          </EmptyState>
        )}
      </Card>
      <WhyBehind report={report} />
      <FieldDifferences report={report} />
    </>
  );
}
