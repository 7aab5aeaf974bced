import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem';

const MAX_RETRIES = 2;

/** Retries queries after network errors and 5xx responses; shows all other errors at once. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < MAX_RETRIES && error instanceof Problem && isTransient(error.details.status),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

function isTransient(status: number): boolean {
  return status === 0 || status >= 500;
}
