import { PARKING_HEADERS, RETRY_DELAYS_MS } from '@dbem/transport';

/** The headers of a message that has been through all retry levels: the service parks it at its next failure. */
export const LAST_ATTEMPT = { [PARKING_HEADERS.attempts]: RETRY_DELAYS_MS.length } as const;
