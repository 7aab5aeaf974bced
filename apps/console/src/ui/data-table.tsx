import './data-table.css';
import {
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';

export interface Column<Row> {
  readonly id: string;
  /** The column header; on a phone, shown beside each value. */
  readonly label: string;
  /** The value to sort by; undefined: the column can't be sorted. */
  readonly value?: (row: Row) => string | number | undefined;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned, for numbers and buttons. */
  readonly atEnd?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<NoInfer<Row>>[];
  keyOf(row: NoInfer<Row>): string;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

/** A table that can be sorted by its columns; on a phone, each row is a block of labels and values. */
export function DataTable<Row extends object>({ label, rows, columns, keyOf }: DataTableProps<Row>) {
  const [sorting, setSorting] = useState<SortingState>([]);
  const defined = useMemo(
    () =>
      columns.map(({ id, label: header, value }) => ({
        id,
        header,
        enableSorting: value !== undefined,
        accessorFn: (row: Row) => value?.(row),
        sortFn: 'alphanumeric' as const,
        sortUndefined: 'last' as const,
      })),
    [columns],
  );
  const table = useTable({
    features,
    data: rows as Row[],
    columns: defined,
    getRowId: keyOf,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  return (
    <div className="table-scroll">
      <table className="table" aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column }) => {
                const { label: text = '', atEnd } = byId.get(column.id) ?? {};
                const sorted = column.getIsSorted();
                return (
                  <th
                    key={id}
                    scope="col"
                    className={atEnd ? 'end' : undefined}
                    aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                  >
                    {column.getCanSort() ? (
                      <button type="button" onClick={column.getToggleSortingHandler()}>
                        {text}
                        {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
                        {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
                      </button>
                    ) : (
                      text
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {columns.map(({ id, label: text, cell, atEnd }) => (
                <td key={id} data-label={text} className={atEnd ? 'end number' : undefined}>
                  {cell(row.original)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
