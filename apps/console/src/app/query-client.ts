import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem';

const MOST_RETRIES = 2;

/** Tries again what may pass by itself; tells at once what does not. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < MOST_RETRIES && error instanceof Problem && mayPass(error.details.status),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

function mayPass(status: number): boolean {
  return status === 0 || status >= 500;
}
