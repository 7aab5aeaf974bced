import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random';
import type { Target } from './target';

const USERS = 150;
const GATEWAYS = ['alpha', 'beta', 'gamma', 'delta'] as const;
const MAX_PROJECTS = 60;
const MAX_PAUSE_MS = 60;
/** Pause after a failed request: the service is probably down. */
const FAILURE_PAUSE_MS = 200;

/**
 * Writes until it is stopped. All writers write to the same few users and tenants, so they compete, delete what another
 * has just changed, and create it again. Each write has a unique text, so that all states of an entity are
 * distinguishable.
 */
export class Writer {
  private readonly projects: { id: string; gatewayId: string }[] = [];
  private writes = 0;

  constructor(
    private readonly name: string,
    private readonly target: Target,
    private readonly random: Random,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const acts: readonly (readonly [() => Promise<unknown>, number])[] = [
      [() => this.createUser(), 26],
      [() => this.changeUser(), 34],
      [() => this.deleteUser(), 10],
      [() => this.createTenant(), 2],
      [() => this.changeTenant(), 4],
      [() => this.deleteTenant(), 1],
      [() => this.createProject(), 8],
      [() => this.changeProject(), 10],
      [() => this.deleteProject(), 5],
    ];
    while (!signal.aborted) {
      const failedBefore = this.target.counts.failed;
      await this.random.pickWeighted(acts)();
      const hasFailed = this.target.counts.failed > failedBefore;
      await sleep(this.random.integer(0, MAX_PAUSE_MS) + (hasFailed ? FAILURE_PAUSE_MS : 0));
    }
  }

  private mark(): string {
    this.writes += 1;
    return `${this.name}-${this.writes}`;
  }

  private details() {
    const mark = this.mark();
    return { firstName: mark, lastName: `of ${mark}`, emails: this.random.chance(0.7) ? [`${mark}@example.org`] : [] };
  }

  private user(): string {
    return `u${this.random.integer(1, USERS)}`;
  }

  private gateway(): string {
    return this.random.pick(GATEWAYS);
  }

  private createUser() {
    const body = { userId: this.user(), gatewayId: this.gateway(), ...this.details() };
    return this.target.write('profile', 'POST', '/users', body);
  }

  private changeUser() {
    return this.target.write('profile', 'PUT', `/users/${this.gateway()}/${this.user()}`, this.details());
  }

  private deleteUser() {
    return this.target.write('profile', 'DELETE', `/users/${this.gateway()}/${this.user()}`);
  }

  private tenant() {
    const mark = this.mark();
    return { gatewayName: mark, domain: `${mark}.example.org`, gatewayPublicAbstract: `about ${mark}` };
  }

  private createTenant() {
    return this.target.write('profile', 'POST', '/tenants', { gatewayId: this.gateway(), ...this.tenant() });
  }

  private changeTenant() {
    return this.target.write('profile', 'PUT', `/tenants/${this.gateway()}`, this.tenant());
  }

  private deleteTenant() {
    return this.target.write('profile', 'DELETE', `/tenants/${this.gateway()}`);
  }

  private async createProject() {
    const gatewayId = this.gateway();
    const project = { name: this.mark(), owner: this.user() };
    const created = await this.target.write('registry', 'POST', `/gateways/${gatewayId}/projects`, project);
    if (created !== undefined) this.projects.push({ id: String(created['id']), gatewayId });
    if (this.projects.length > MAX_PROJECTS) await this.deleteProject();
  }

  private async changeProject() {
    if (this.projects.length === 0) return;
    const { id, gatewayId } = this.random.pick(this.projects);
    const project = { name: this.mark(), description: `by ${this.name}` };
    await this.target.write('registry', 'PUT', `/gateways/${gatewayId}/projects/${id}`, project);
  }

  private async deleteProject() {
    const [project] = this.projects.splice(this.random.integer(0, Math.max(this.projects.length - 1, 0)), 1);
    if (project === undefined) return;
    await this.target.write('registry', 'DELETE', `/gateways/${project.gatewayId}/projects/${project.id}`);
  }
}
