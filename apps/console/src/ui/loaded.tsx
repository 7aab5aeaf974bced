import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote } from './problem-note';
import { Skeleton } from './skeleton';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What could not be had: "The subscriptions could not be read". */
  readonly what: string;
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What a query has brought; a skeleton before. If a later try fails, the error stands above what is known. */
export function Loaded<Data>({ query, what, lines, children }: LoadedProps<Data>) {
  const { data, error, isError, refetch } = query;
  return (
    <>
      {isError && <ProblemNote error={error} what={what} onRetry={() => void refetch()} />}
      {data !== undefined ? children(data) : !isError && <Skeleton lines={lines} />}
    </>
  );
}
