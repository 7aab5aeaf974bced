import { DbEventError } from '@dbem/db-event';
import { isOver, type ReconcileRun, type RunKey } from '../run/reconcile-run';
import { type Claim, RunStore, type Schedule, textOfKey } from './run-store.port';

/** `RunStore` in memory, for tests. Several managers share one instance. */
export class InMemoryRunStore extends RunStore {
  private readonly runs = new Map<string, ReconcileRun>();
  private readonly owners = new Map<string, object>();
  private readonly createdOnce = new Set<string>();
  private readonly scheduled = new Map<string, Schedule>();

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async create(run: ReconcileRun): Promise<boolean> {
    const key = textOfKey(run);
    if ([...this.runs.values()].some((other) => !isOver(other) && textOfKey(other) === key)) return false;
    this.runs.set(run.id, run);
    return true;
  }

  async createOnce(run: ReconcileRun): Promise<'created' | 'asked' | 'underWay'> {
    if (this.createdOnce.has(textOfKey(run))) return 'asked';
    this.createdOnce.add(textOfKey(run));
    return (await this.create(run)) ? 'created' : 'underWay';
  }

  async forgetAsked(key: RunKey): Promise<void> {
    this.createdOnce.delete(textOfKey(key));
  }

  async list(): Promise<ReconcileRun[]> {
    return [...this.runs.values()].reverse();
  }

  async get(id: string): Promise<ReconcileRun | undefined> {
    return this.runs.get(id);
  }

  async underWay(): Promise<string[]> {
    return [...this.runs.values()].filter((run) => !isOver(run)).map(({ id }) => id);
  }

  async change(id: string, change: (run: ReconcileRun) => ReconcileRun): Promise<ReconcileRun> {
    const run = this.runs.get(id);
    if (run === undefined) throw new DbEventError('RUN_UNKNOWN', `There is no run "${id}"`);
    const changed = change(run);
    this.runs.set(id, changed);
    this.owners.delete(id);
    return changed;
  }

  async claim(id: string): Promise<Claim | undefined> {
    const run = this.runs.get(id);
    if (run === undefined || this.owners.has(id) || !(run.state === 'pending' || run.state === 'running'))
      return undefined;
    const owner = {};
    this.owners.set(id, owner);
    return {
      run,
      save: async (saved) => {
        if (this.owners.get(id) !== owner)
          throw new DbEventError('RUN_CONFLICT', `The run "${id}" was changed or claimed by another manager`);
        this.runs.set(id, saved);
      },
      release: async () => {
        if (this.owners.get(id) === owner) this.owners.delete(id);
      },
    };
  }

  async schedules(): Promise<Schedule[]> {
    return [...this.scheduled.values()];
  }

  async putSchedule(schedule: Schedule): Promise<void> {
    this.scheduled.set(textOfKey(schedule), schedule);
  }

  async removeSchedule(key: RunKey): Promise<boolean> {
    return this.scheduled.delete(textOfKey(key));
  }

  async takeDue(schedule: Schedule, nowMs: number): Promise<boolean> {
    if (this.scheduled.get(textOfKey(schedule)) !== schedule) return false;
    this.scheduled.set(textOfKey(schedule), { ...schedule, lastStartedAtMs: nowMs });
    return true;
  }
}
