import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/schemas';

/** What the event manager tells a console before anybody is logged in. */
export type ConsoleConfig = Schemas['ConsoleConfigDto'];

const URL_OF_CONFIG = `${import.meta.env.BASE_URL}config.json`;

/** The ways to log in. Without an answer there is the token. */
export function useConsoleConfig() {
  return useQuery<ConsoleConfig>({
    queryKey: ['console-config'],
    queryFn: async () => {
      const response = await fetch(URL_OF_CONFIG);
      if (!response.ok) throw new Error(`The console’s configuration was answered with ${response.status}`);
      return (await response.json()) as ConsoleConfig;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
