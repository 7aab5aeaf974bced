import { DbEventError } from '@dbem/db-event';
import { pause } from '@dbem/runtime';
import type { ZooKeeperSession } from '@dbem/zookeeper';
import type { Member } from '../subscription-registry.port';
import { MEMBERS_ROOT, memberPath } from './paths';

/** This manager's membership in one session: an ephemeral node with the revision that it routes by. */
export class Membership {
  private appliedRevision = 0n;
  private readonly waiting = new Set<AbortController>();

  constructor(
    private readonly session: ZooKeeperSession,
    private readonly self: Omit<Member, 'appliedRevision'>,
  ) {}

  /** Call it before the map is read: from now on, changes of the map wait for this manager. */
  async join(): Promise<void> {
    await this.session.createEphemeral(memberPath(this.self.id), this.encode());
  }

  async advance(revision: bigint): Promise<void> {
    if (revision <= this.appliedRevision) return;
    this.appliedRevision = revision;
    await this.session.setData(memberPath(this.self.id), this.encode());
  }

  /** Resolves if the ensemble still regards this manager as live; rejects otherwise. */
  async affirm(): Promise<void> {
    await this.session.setData(memberPath(this.self.id), this.encode());
  }

  async list(): Promise<Member[]> {
    return this.read();
  }

  /**
   * Resolves when every live manager routes by `revision`. Waits for a manager that dies meanwhile until its session
   * expires.
   *
   * @throws DbEventError ROLLOUT_TIMEOUT after `timeoutMs`, with the members that lag behind.
   */
  async waitForRollout(revision: bigint, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const changed = new AbortController();
      // Before reading: a change from now on ends or prevents the pause.
      this.waiting.add(changed);
      try {
        const members = await this.read(this.onChanged);
        const behind = members.filter(({ appliedRevision }) => appliedRevision < revision).map(({ id }) => id);
        if (behind.length === 0) return;
        const leftMs = deadline - Date.now();
        if (leftMs <= 0) throw rolloutTimedOut(revision, behind);
        await pause(leftMs, changed.signal);
      } finally {
        this.waiting.delete(changed);
      }
    }
  }

  private async read(onChange?: () => void): Promise<Member[]> {
    const ids = (await this.session.getChildren(MEMBERS_ROOT, onChange)) ?? [];
    const nodes = await Promise.all(ids.map((id) => this.session.getData(memberPath(id), onChange)));
    return nodes.flatMap((node) => (node === undefined ? [] : [decodeMember(node.data)]));
  }

  /** One function for all waiters: see `ZooKeeperSession.getData`. */
  private readonly onChanged = (): void => {
    for (const changed of this.waiting) changed.abort();
  };

  private encode(): Buffer {
    return encodeMember({ ...this.self, appliedRevision: this.appliedRevision });
  }
}

function rolloutTimedOut(revision: bigint, behind: readonly string[]): DbEventError {
  return new DbEventError('ROLLOUT_TIMEOUT', `Not every event manager routes by the change yet: ${behind.join(', ')}`, {
    retryable: true,
    details: { revision: String(revision), behind },
  });
}

/** The data of a member's node. */
export function encodeMember({ appliedRevision, ...member }: Member): Buffer {
  return Buffer.from(JSON.stringify({ ...member, appliedRevision: String(appliedRevision) }));
}

function decodeMember(data: Buffer): Member {
  const member = JSON.parse(data.toString('utf8')) as Omit<Member, 'appliedRevision'> & { appliedRevision: string };
  return { ...member, appliedRevision: BigInt(member.appliedRevision) };
}
