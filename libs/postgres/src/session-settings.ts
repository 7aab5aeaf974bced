/**
 * Makes the database notice that this client is gone, though its network did not say so: its transactions end, and their locks
 * are free. TCP itself is asked, so a client that is alive and merely slow is never taken for gone. Settings that this version of
 * PostgreSQL does not have, or this connection can't use, are passed over.
 */
export function sessionSettings(timeoutMs: number): { text: string; values: string[][] } {
  const seconds = Math.ceil(timeoutMs / 1_000);
  const wanted: Record<string, number> = {
    // s until the first probe, s between probes, probes.
    tcp_keepalives_idle: seconds,
    tcp_keepalives_interval: Math.ceil(seconds / 3),
    tcp_keepalives_count: 3,
    // ms that what was sent may stay unconfirmed.
    tcp_user_timeout: 2 * timeoutMs,
    // ms between looks at the connection while a statement runs, or waits for a lock.
    client_connection_check_interval: timeoutMs,
  };
  return {
    text: `SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
      WHERE EXISTS (SELECT FROM pg_settings present WHERE present.name = wanted.name)`,
    values: [Object.keys(wanted), Object.values(wanted).map(String)],
  };
}
