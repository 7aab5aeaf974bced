import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/schemas';

/** The public settings that the console needs before login. */
export type ConsoleConfig = Schemas['ConsoleConfigDto'];

const CONFIG_URL = `${import.meta.env.BASE_URL}config.json`;

/** The available ways to log in. If it can't be loaded, only the admin token is offered. */
export function useConsoleConfig() {
  return useQuery<ConsoleConfig>({
    queryKey: ['console-config'],
    queryFn: async () => {
      const response = await fetch(CONFIG_URL);
      if (!response.ok) throw new Error(`Could not load the console configuration: HTTP ${response.status}`);
      return (await response.json()) as ConsoleConfig;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
