import { setTimeout as sleep } from 'node:timers/promises';
import type { Injector } from './faults/injector';
import type { Recovery } from './recovery';
import type { RecoveryTimes } from './report/recovery-times';
import { describeFault, type Episode, kindOf, type PlannedFault } from './schedule/fault';
import type { Timeline } from './timeline';

/** After this time the system counts as not recovered. */
const RECOVERY_TIMEOUT_MS = 180_000;

/** Runs episodes one after the other, and waits for the recovery from each. */
export class EpisodeRunner {
  readonly done: Episode[] = [];
  readonly faults: Record<string, number> = {};

  constructor(
    private readonly injector: Injector,
    private readonly recovery: Recovery,
    private readonly times: RecoveryTimes,
    private readonly timeline: Timeline,
  ) {}

  /** @returns what is missing if the system did not recover */
  async run(episode: Episode): Promise<string | undefined> {
    await Promise.all(episode.faults.map((planned) => this.inject(episode.number, planned)));
    this.done.push(episode);
    const outcome = await this.recovery.wait(RECOVERY_TIMEOUT_MS);
    const [only, second] = episode.faults;
    const kind = second !== undefined || only === undefined ? 'two faults at once' : kindOf(only.fault);
    if ('missing' in outcome) {
      const what = `after episode ${episode.number} (${kind}): no ${outcome.missing} in ${RECOVERY_TIMEOUT_MS / 1_000} s`;
      this.timeline.note(`STUCK ${what}`);
      return what;
    }
    this.times.note(kind, outcome.tookMs);
    this.timeline.note(`#${episode.number} recovered in ${(outcome.tookMs / 1_000).toFixed(1)} s`);
    await sleep(episode.calmMs);
    return undefined;
  }

  private async inject(number: number, { fault, startsAfterMs, lastsMs }: PlannedFault): Promise<void> {
    await sleep(startsAfterMs);
    this.timeline.note(`#${number} ${describeFault(fault)}, for ${(lastsMs / 1_000).toFixed(1)} s`);
    const kind = kindOf(fault);
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
    const end = await this.injector.inject(fault);
    await sleep(lastsMs);
    await end();
  }
}
