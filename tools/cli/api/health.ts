import type { AdminApi } from './admin-api';
import { answer } from './answer';

export interface Health {
  readonly status: string;
  readonly details: Readonly<
    Record<string, { readonly status: string; readonly state?: string; readonly fault?: string }>
  >;
}

/** Status 503 is a valid response: its body lists what is down. */
export async function healthOf(api: AdminApi): Promise<Health> {
  const call = await api.GET('/health/ready');
  const health = call.response.status === 503 ? call.error : await answer(Promise.resolve(call));
  return health as Health;
}
