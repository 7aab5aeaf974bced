import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ProblemNote } from '../../ui/problem-note';
import { SelectField } from '../../ui/select-field';
import { Skeleton } from '../../ui/skeleton';
import { TextField } from '../../ui/text-field';
import { TimeAgo } from '../../ui/time-ago';
import { type AuditEntry, useAudit } from './cluster-queries';
import { describeAction } from './describe-action';

const TONES = { started: 'info', done: 'ok', refused: 'warn', failed: 'bad' } as const;

/** Who changed what, and which changes were refused; newest first. */
export function AuditTrail() {
  const [who, setWho] = useState('');
  const [result, setResult] = useState<'' | AuditEntry['result']>('');
  const audit = useAudit({ who, result });
  const entries = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Card title="Audit trail" note="Every requested change, by users and by services." flush>
      <div className="card-body">
        <search className="filters">
          <TextField label="Who" value={who} onChange={setWho} placeholder="exact name" />
          <SelectField
            label="Result"
            value={result}
            options={[['', 'any'], 'started', 'done', 'refused', 'failed']}
            onChange={setResult}
          />
        </search>
      </div>
      {audit.isError && (
        <ProblemNote error={audit.error} what="Could not load the audit trail." onRetry={() => void audit.refetch()} />
      )}
      {audit.isPending && <Skeleton />}
      {audit.isSuccess && entries.length === 0 && (
        <EmptyState icon={ScrollText} title={who || result ? 'No matching entries' : 'No changes yet'}>
          Every change, for example of a subscription, a parked event or a run, is recorded here with who made it.
        </EmptyState>
      )}
      {entries.length > 0 && (
        <DataTable
          label="Audit trail"
          rows={entries}
          keyOf={({ id }) => id}
          columns={[
            { id: 'at', label: 'When', value: ({ at }) => at, cell: ({ at }) => <TimeAgo at={at} /> },
            {
              id: 'who',
              label: 'Who',
              value: ({ who: { name } }) => name,
              cell: ({ who: { name, role, provedBy } }) => (
                <span>
                  {name} <span className="muted">{role ?? provedBy}</span>
                </span>
              ),
            },
            {
              id: 'action',
              label: 'Action',
              value: ({ action }) => action,
              cell: ({ action }) => <span title={action}>{describeAction(action)}</span>,
            },
            {
              id: 'target',
              label: 'Target',
              cell: ({ target }) => <span className="break">{Object.values(target).join(' → ')}</span>,
            },
            {
              id: 'result',
              label: 'Result',
              value: (entry) => entry.result,
              cell: ({ result: entryResult, outcome, detail }) => (
                <span title={detail}>
                  <Badge tone={TONES[entryResult]}>{entryResult}</Badge> <span className="muted">{outcome}</span>
                </span>
              ),
              atEnd: true,
            },
          ]}
        />
      )}
      {audit.hasNextPage && (
        <div className="card-body">
          <Button disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}
