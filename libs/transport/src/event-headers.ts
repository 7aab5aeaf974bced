/** Headers that the manager adds to an event that it sends on. Old services don't look at headers. */
export const EVENT_HEADERS = {
  /** When the event manager sent it on, by that manager's clock; ms since 1970. */
  forwardedAtMs: 'x-dbem-forwarded-at',
} as const;
