import type { Schemas } from '../../api/schemas';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';

interface Difference {
  readonly service: string;
  readonly field: string;
  readonly source?: unknown;
  readonly replica?: unknown;
}

/** The fields in which replicas differ from the source. The API returns their values to operators only. */
export function FieldDifferences({ report: { services } }: { readonly report: Schemas['EntityReportDto'] }) {
  const differences = services.flatMap(({ service, differences: found = [] }): Difference[] =>
    found.map((difference) => ({ service, ...difference })),
  );
  if (differences.length === 0) return null;
  const showsValues = differences.some(({ source, replica }) => source !== undefined || replica !== undefined);
  return (
    <Card title="Fields that differ" note={showsValues ? undefined : 'Only operators can see the values.'}>
      <DataTable
        label="Fields that differ"
        rows={differences}
        keyOf={({ service, field }) => `${service} ${field}`}
        columns={[
          { id: 'service', label: 'Replica', value: ({ service }) => service, cell: ({ service }) => service },
          { id: 'field', label: 'Field', value: ({ field }) => field, cell: ({ field }) => <code>{field}</code> },
          ...(showsValues
            ? [
                { id: 'source', label: 'At the source', cell: ({ source }: Difference) => <Value json={source} /> },
                { id: 'replica', label: 'In the replica', cell: ({ replica }: Difference) => <Value json={replica} /> },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function Value({ json }: { readonly json: unknown }) {
  return json === undefined ? (
    <span className="muted">none</span>
  ) : (
    <code className="break">{JSON.stringify(json)}</code>
  );
}
