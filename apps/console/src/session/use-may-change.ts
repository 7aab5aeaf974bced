import { useMe } from './use-me';

/** Whether the user's role allows changes. It decides which controls are shown; the server enforces the role. */
export function useMayChange(): boolean {
  const role = useMe().data?.role;
  return role === 'operator' || role === 'admin';
}
