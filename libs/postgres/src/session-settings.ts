/**
 * Makes the database detect that this client is gone, even if its network did not close the connection: then its
 * transactions end, and their locks are released. TCP checks this, so a slow client is never mistaken for a lost one.
 * Settings that this version of PostgreSQL does not have are skipped.
 */
export function sessionSettings(timeoutMs: number): { text: string; values: string[][] } {
  const seconds = Math.ceil(timeoutMs / 1_000);
  const wanted: Record<string, number> = {
    // Seconds until the first probe, seconds between probes, number of probes.
    tcp_keepalives_idle: seconds,
    tcp_keepalives_interval: Math.ceil(seconds / 3),
    tcp_keepalives_count: 3,
    // How long sent data may remain unacknowledged, ms.
    tcp_user_timeout: 2 * timeoutMs,
    // Interval of connection checks while a statement runs or waits for a lock, ms.
    client_connection_check_interval: timeoutMs,
  };
  return {
    text: `SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
      WHERE EXISTS (SELECT FROM pg_settings present WHERE present.name = wanted.name)`,
    values: [Object.keys(wanted), Object.values(wanted).map(String)],
  };
}
