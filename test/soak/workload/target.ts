import type { ServiceName } from '../system/instances';
import type { SoakSystem } from '../system/soak-system';

/** A request that gets no answer in this time is given up, ms; it may have been carried out. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface WriteCounts {
  accepted: number;
  /** 4xx: there is such a user already, or none. */
  refused: number;
  /** 5xx, no answer, no connection: it may have been carried out. */
  failed: number;
}

/** What writers write to: the publishers' HTTP APIs, wherever they listen now. */
export class Target {
  readonly counts: WriteCounts = { accepted: 0, refused: 0, failed: 0 };

  constructor(private readonly system: SoakSystem) {}

  /** The answer's body if the request was accepted; undefined otherwise. */
  async write(
    service: Exclude<ServiceName, 'sharing'>,
    method: string,
    path: string,
    body?: object,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const response = await fetch(`${this.system.instance(`${service}-1`).url}${path}`, {
        method,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      if (response.status >= 500) this.counts.failed += 1;
      else if (response.status >= 400) this.counts.refused += 1;
      else this.counts.accepted += 1;
      if (!response.ok) return undefined;
      return text === '' ? {} : JSON.parse(text);
    } catch {
      this.counts.failed += 1;
      return undefined;
    }
  }
}
