const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'John', 'Katherine', 'Leslie', 'Radia'];
const LAST_NAMES = ['Allen', 'Dijkstra', 'Hopper', 'Johnson', 'Lamport', 'Liskov', 'Lovelace', 'Perlman', 'Turing'];
const TENANTS = [
  ['seagrid', 'SEAGrid'],
  ['ultrascan', 'UltraScan'],
  ['nanohub', 'nanoHUB'],
] as const;
const MAX_USERS = 400;

export interface SampleTrafficOptions {
  /** Base URL of profile's HTTP API. */
  readonly profileUrl: string;
  /** Mean time between two changes, ms. Default: 400. */
  readonly meanPauseMs?: number;
}

/**
 * Creates, changes and deletes users at profile, as sample data for development. Failed requests are ignored: an app
 * may be restarting, and nothing depends on single changes.
 */
export class SampleTraffic {
  private readonly users: string[] = [];
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private created = 0;

  constructor(private readonly options: SampleTrafficOptions) {}

  start(): void {
    if (this.running !== undefined) return;
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  /** Resolves when the last request has ended. May be called twice. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    for (const [gatewayId, gatewayName] of TENANTS) await this.send('POST', '/tenants', { gatewayId, gatewayName });
    while (!signal.aborted) {
      await this.changeSomething();
      await pause(Math.random() * 2 * (this.options.meanPauseMs ?? 400), signal);
    }
  }

  private async changeSomething(): Promise<void> {
    const chance = Math.random();
    if (this.users.length < 5 || (chance < 0.35 && this.users.length < MAX_USERS)) {
      await this.create();
    } else if (chance < 0.93) {
      const path = this.users[Math.floor(Math.random() * this.users.length)] ?? '';
      await this.send('PUT', path, this.details());
    } else {
      const [path = ''] = this.users.splice(Math.floor(Math.random() * this.users.length), 1);
      await this.send('DELETE', path);
    }
  }

  private async create(): Promise<void> {
    this.created += 1;
    const details = this.details();
    const userId = `${details.firstName}-${details.lastName}-${this.created}`.toLowerCase();
    const [gatewayId] = TENANTS[this.created % TENANTS.length] ?? TENANTS[0];
    if (await this.send('POST', '/users', { userId, gatewayId, ...details }))
      this.users.push(`/users/${gatewayId}/${userId}`);
  }

  private details() {
    const firstName = FIRST_NAMES[Math.floor(Math.random() * FIRST_NAMES.length)] ?? 'Ada';
    const lastName = LAST_NAMES[Math.floor(Math.random() * LAST_NAMES.length)] ?? 'Lovelace';
    return { firstName, lastName, emails: [`${firstName}.${lastName}@example.org`.toLowerCase()] };
  }

  /** @returns whether the request succeeded. */
  private async send(method: string, path: string, body?: object): Promise<boolean> {
    const response = await fetch(`${this.options.profileUrl}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok ?? false;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
