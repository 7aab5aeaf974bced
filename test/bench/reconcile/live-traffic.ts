import type { ApiClient } from '../../../demo/story/api-client';
import { percentile } from '../report/statistics';

const WAIT_MS = 30_000;

/**
 * Clients that create a user at profile and then read it at sharing, waiting for their own write: the wait is what the
 * path adds to a write. They start at a fixed rate, whether or not earlier requests have completed.
 */
export class LiveTraffic {
  private readonly waitsMs: number[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout | undefined;
  private count = 0;
  private failures = 0;

  constructor(
    private readonly profile: ApiClient,
    private readonly sharing: ApiClient,
    private readonly name: string,
    ratePerSecond: number,
  ) {
    if (ratePerSecond > 0) this.timer = setInterval(() => this.startOne(), 1_000 / ratePerSecond);
  }

  /** Starts no further clients. */
  end(): void {
    clearInterval(this.timer);
  }

  /** Resolves with the results when all clients are done. */
  async finish(): Promise<string> {
    this.end();
    await Promise.all(this.inFlight);
    if (this.count === 0) return 'no live traffic';
    const [p50, p99, max] = [50, 99, 100].map((percent) => Math.round(percentile(this.waitsMs, percent)));
    const failed = this.failures === 0 ? '' : `, ${this.failures} failed or timed out after ${WAIT_MS / 1_000} s`;
    return `${this.count} writes, each then read at sharing: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms${failed}`;
  }

  private startOne(): void {
    const one = this.writeAndRead()
      .catch(() => {
        this.failures += 1;
      })
      .finally(() => this.inFlight.delete(one));
    this.inFlight.add(one);
  }

  private async writeAndRead(): Promise<void> {
    this.count += 1;
    const userId = `${this.name}${this.count}`;
    const user = { userId, gatewayId: 'gw', firstName: 'Live', lastName: userId, emails: [] };
    const { replicationToken } = await this.profile.post<{ replicationToken: string }>('/users', user);
    const writtenAtMs = performance.now();
    await this.sharing.get(`/domains/gw/users/${userId}@gw`, {
      'X-Replication-Token': replicationToken,
      'X-Replication-Wait-Ms': String(WAIT_MS),
    });
    this.waitsMs.push(performance.now() - writtenAtMs);
  }
}
