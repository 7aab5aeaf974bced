import { useMe } from './use-me';

/** The person's role allows changes. Controls that change something are shown to nobody else; the server refuses all the same. */
export function useMayChange(): boolean {
  const role = useMe().data?.role;
  return role === 'operator' || role === 'admin';
}
