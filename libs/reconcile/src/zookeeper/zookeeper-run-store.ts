import { DbEventError } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/runtime';
import {
  ReconnectingSession,
  type ReconnectingSessionOptions,
  restrictTree,
  type ZooKeeperSession,
} from '@dbem/zookeeper';
import { CreateMode, type Transaction } from 'node-zookeeper-client';
import { isOver, type ReconcileRun, type RunKey } from '../run/reconcile-run';
import { type Claim, RunStore, type Schedule } from '../store/run-store.port';
import {
  ACTIVE,
  ASKED,
  activePath,
  askedPath,
  OWNERS,
  ownerPath,
  ROOT,
  RUNS,
  runPath,
  SCHEDULES,
  schedulePath,
} from './paths';
import { decode, encode, writeRun } from './run-nodes';
import { ZooKeeperClaim } from './zookeeper-claim';

const MAX_RUNS = 200;
const MAX_TRIES = 20;

/**
 * Runs in ZooKeeper, next to the subscription map: one node per run; one node per key while a run of it is under way;
 * one ephemeral node per claim, so that the runs of a dead manager can be claimed when its session expires.
 */
export class ZooKeeperRunStore extends RunStore {
  private readonly reconnecting: ReconnectingSession;
  private readonly prepared = new WeakMap<ZooKeeperSession, Promise<void>>();

  constructor(private readonly options: ReconnectingSessionOptions) {
    super();
    this.reconnecting = new ReconnectingSession(options);
  }

  async start(): Promise<void> {
    await this.reconnecting.start();
  }

  async stop(): Promise<void> {
    await this.reconnecting.stop();
  }

  create(run: ReconcileRun): Promise<boolean> {
    return this.createWith(run, () => {});
  }

  async createOnce(run: ReconcileRun): Promise<'created' | 'asked' | 'underWay'> {
    const isCreated = await this.createWith(run, (transaction, { rights }) =>
      transaction.create(askedPath(run), encode(run.id), rights, CreateMode.PERSISTENT),
    );
    if (isCreated) return 'created';
    const isFirst = await this.with((session) => session.create(askedPath(run), encode(run.id)));
    return isFirst ? 'underWay' : 'asked';
  }

  forgetAsked(key: RunKey): Promise<void> {
    return this.with(async (session) => {
      await session.commit((transaction) => transaction.remove(askedPath(key)));
    });
  }

  list(): Promise<ReconcileRun[]> {
    return this.with(async (session) => {
      const ids = ((await session.getChildren(RUNS)) ?? []).sort().reverse();
      const nodes = await Promise.all(ids.map((id) => session.getData(runPath(id))));
      return nodes.flatMap((node) => (node === undefined ? [] : [decode<ReconcileRun>(node)]));
    });
  }

  get(id: string): Promise<ReconcileRun | undefined> {
    return this.with(async (session) => {
      const node = await session.getData(runPath(id));
      return node === undefined ? undefined : decode<ReconcileRun>(node);
    });
  }

  underWay(): Promise<string[]> {
    return this.with(async (session) => {
      const keys = (await session.getChildren(ACTIVE)) ?? [];
      const nodes = await Promise.all(keys.map((key) => session.getData(`${ACTIVE}/${key}`)));
      return nodes.flatMap((node) => (node === undefined ? [] : [decode<string>(node)]));
    });
  }

  change(id: string, change: (run: ReconcileRun) => ReconcileRun): Promise<ReconcileRun> {
    return this.with(async (session) => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const node = await session.getData(runPath(id));
        if (node === undefined) throw new DbEventError('RUN_UNKNOWN', `There is no run "${id}"`);
        const run = change(decode<ReconcileRun>(node));
        if (await session.commit((transaction) => writeRun(transaction, run, node.stat.version))) return run;
      }
      throw unavailable(`the run "${id}" was changed concurrently in ${MAX_TRIES} attempts`);
    });
  }

  claim(id: string): Promise<Claim | undefined> {
    return this.with(async (session) => {
      const isOurs = await session.commit((transaction) =>
        transaction.create(ownerPath(id), Buffer.alloc(0), session.rights, CreateMode.EPHEMERAL),
      );
      if (!isOurs) return undefined;
      const node = await session.getData(runPath(id));
      const run = node && decode<ReconcileRun>(node);
      if (node !== undefined && (run?.state === 'pending' || run?.state === 'running')) {
        return new ZooKeeperClaim(session, run, node.stat.version);
      }
      await session.commit((transaction) => transaction.remove(ownerPath(id)));
      return undefined;
    });
  }

  schedules(): Promise<Schedule[]> {
    return this.with(async (session) => {
      const keys = (await session.getChildren(SCHEDULES)) ?? [];
      const nodes = await Promise.all(keys.sort().map((key) => session.getData(`${SCHEDULES}/${key}`)));
      return nodes.flatMap((node) => (node === undefined ? [] : [decode<Schedule>(node)]));
    });
  }

  putSchedule(schedule: Schedule): Promise<void> {
    return this.with(async (session) => {
      const path = schedulePath(schedule);
      if (!(await session.create(path, encode(schedule)))) await session.setData(path, encode(schedule));
    });
  }

  removeSchedule(key: RunKey): Promise<boolean> {
    return this.with((session) => session.commit((transaction) => transaction.remove(schedulePath(key))));
  }

  takeDue(schedule: Schedule, nowMs: number): Promise<boolean> {
    return this.with(async (session) => {
      const path = schedulePath(schedule);
      const node = await session.getData(path);
      if (node === undefined || !node.data.equals(encode(schedule))) return false;
      const taken = encode({ ...schedule, lastStartedAtMs: nowMs });
      return session.commit((transaction) => transaction.setData(path, taken, node.stat.version));
    });
  }

  private createWith(
    run: ReconcileRun,
    also: (transaction: Transaction, session: ZooKeeperSession) => void,
  ): Promise<boolean> {
    return this.with(async (session) => {
      await prune(session);
      return session.commit((transaction) => {
        transaction
          .create(runPath(run.id), encode(run), session.rights, CreateMode.PERSISTENT)
          .create(activePath(run), encode(run.id), session.rights, CreateMode.PERSISTENT);
        also(transaction, session);
      });
    });
  }

  private async with<Result>(work: (session: ZooKeeperSession) => Promise<Result>): Promise<Result> {
    try {
      const session = this.reconnecting.current;
      await this.prepare(session);
      return await work(session);
    } catch (error) {
      if (error instanceof DbEventError && error.code === 'MAP_UNAVAILABLE') throw unavailable(error.message, error);
      throw error;
    }
  }

  private prepare(session: ZooKeeperSession): Promise<void> {
    let preparing = this.prepared.get(session);
    if (preparing === undefined) {
      preparing = (async () => {
        for (const path of [RUNS, ACTIVE, OWNERS, ASKED, SCHEDULES]) await session.ensurePath(path);
        const { protection, log = SILENT_LOG } = this.options;
        if (protection?.nodes === 'closed') await restrictTree(session, ROOT, log);
      })();
      preparing.catch(() => this.prepared.delete(session));
      this.prepared.set(session, preparing);
    }
    return preparing;
  }
}

async function prune(session: ZooKeeperSession): Promise<void> {
  const ids = ((await session.getChildren(RUNS)) ?? []).sort();
  for (const id of ids.slice(0, Math.max(0, ids.length - MAX_RUNS + 1))) {
    const node = await session.getData(runPath(id));
    if (node === undefined || !isOver(decode<ReconcileRun>(node))) continue;
    await session.commit((transaction) => transaction.remove(runPath(id), node.stat.version));
  }
}

function unavailable(reason: string, cause?: unknown): DbEventError {
  return new DbEventError('RUNS_UNAVAILABLE', `Reconcile runs are unavailable: ${reason}`, {
    retryable: true,
    cause,
  });
}
