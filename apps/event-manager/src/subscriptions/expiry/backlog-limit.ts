export interface BacklogLimit {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** What waits in a queue; events and bytes are estimates. */
export interface Backlog {
  readonly messages: number;
  readonly events: number;
  readonly bytes: number;
}

/** Why a backlog is too large; undefined if it is not. */
export function backlogFault(
  { messages, events, bytes }: Backlog,
  { maxEvents, maxBytes }: BacklogLimit,
): string | undefined {
  const inMessages = `in ${messages} messages`;
  if (events > maxEvents) return `about ${events} events wait ${inMessages}; the limit is ${maxEvents}`;
  return bytes > maxBytes ? `about ${bytes} bytes wait ${inMessages}; the limit is ${maxBytes}` : undefined;
}
