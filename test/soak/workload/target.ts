import type { ServiceName } from '../system/instances';
import type { SoakSystem } from '../system/soak-system';

/** Timeout of a request, ms; a request that timed out may still have been carried out. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface WriteCounts {
  accepted: number;
  /** 4xx: the entity already exists, or does not exist. */
  refused: number;
  /** 5xx, timeout or connection error: the write may have been carried out. */
  failed: number;
}

/** Writes to the publishers' HTTP APIs at their current ports. */
export class Target {
  readonly counts: WriteCounts = { accepted: 0, refused: 0, failed: 0 };

  constructor(private readonly system: SoakSystem) {}

  /** @returns the response body if the request was accepted, otherwise undefined */
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
