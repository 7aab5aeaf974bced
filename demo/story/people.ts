import type { ApiClient } from './api-client';

const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'John', 'Katherine', 'Leslie', 'Radia'];
const LAST_NAMES = [
  'Allen',
  'Dijkstra',
  'Hopper',
  'Johnson',
  'Lamport',
  'Liskov',
  'Lovelace',
  'McCarthy',
  'Perlman',
  'Turing',
];

/** Creates, changes and deletes users through profile's API. */
export class People {
  constructor(
    private readonly profile: ApiClient,
    private readonly tenant: string,
  ) {}

  async create(userId: string): Promise<void> {
    await this.profile.post('/users', { userId, gatewayId: this.tenant, ...this.details(userId, 0) });
  }

  /** Replaces the user's details; they differ for each `revision`. */
  async change(userId: string, revision: number): Promise<void> {
    await this.profile.put(this.pathOf(userId), this.details(userId, revision));
  }

  async delete(userId: string): Promise<void> {
    await this.profile.delete(this.pathOf(userId));
  }

  private pathOf(userId: string): string {
    return `/users/${this.tenant}/${userId}`;
  }

  private details(userId: string, revision: number): object {
    const seed = [...userId].reduce((sum, letter) => sum + letter.charCodeAt(0), revision);
    return {
      firstName: FIRST_NAMES[seed % FIRST_NAMES.length],
      lastName: `${LAST_NAMES[(seed * 7) % LAST_NAMES.length]}${revision > 0 ? `-${revision}` : ''}`,
      emails: [`${userId}@${this.tenant}.example`],
    };
  }
}
