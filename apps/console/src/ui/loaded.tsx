import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote } from './problem-note';
import { Skeleton } from './skeleton';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** The headline of an error, for example "Could not load the subscriptions." */
  readonly what: string;
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** The data of a query, or a skeleton while it loads. If a refresh fails, the error is shown above the known data. */
export function Loaded<Data>({ query, what, lines, children }: LoadedProps<Data>) {
  const { data, error, isError, refetch } = query;
  return (
    <>
      {isError && <ProblemNote error={error} what={what} onRetry={() => void refetch()} />}
      {data !== undefined ? children(data) : !isError && <Skeleton lines={lines} />}
    </>
  );
}
