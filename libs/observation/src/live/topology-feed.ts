import { PeriodicTask } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { changesOf } from './changes-of';
import type { Topology, TopologyChanges } from './topology';
import { TopologyView } from './topology-view';
import { Viewers } from './viewers';

/** How often what has changed is told. */
const INTERVAL_MS = 1_000;
/** One that is so young is shown to whoever asks. */
const FRESH_MS = 500;

/** Called with each change, as text that is made once for all. */
export type FeedListener = (changes: string) => void;

/** The topology as it changes: a state, and from there on what has changed, for as many listeners as there are, at the cost of one. */
@Injectable()
export class TopologyFeed {
  private last: { readonly topology: Topology; readonly atMs: number } | undefined;
  private readonly listeners = new Set<FeedListener>();
  private advancing: PeriodicTask | undefined;

  constructor(
    private readonly view: TopologyView,
    private readonly onlookers: Viewers,
  ) {}

  /** As it is now, or was half a second ago. */
  look(): Topology {
    this.onlookers.noteRequest();
    const { last } = this;
    return last !== undefined && Date.now() - last.atMs < FRESH_MS ? last.topology : this.advance();
  }

  /** What is told from now on follows the state that `look` gives now. @returns what ends it. */
  listen(listener: FeedListener): () => void {
    const leave = this.onlookers.noteWatcher();
    this.listeners.add(listener);
    this.advancing ??= PeriodicTask.every(INTERVAL_MS, () => this.advance());
    return () => {
      leave();
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      void this.advancing?.stop();
      this.advancing = undefined;
    };
  }

  private advance(): Topology {
    const nowMs = Date.now();
    const seen = this.view.look(nowMs);
    const before = this.last?.topology;
    const changes = before === undefined ? undefined : changesOf(before, seen);
    const isSame = changes !== undefined && Object.keys(changes).length === 0;
    const revision = (before?.revision ?? 0) + (isSame ? 0 : 1);
    const topology = { ...seen, revision };
    this.last = { topology, atMs: nowMs };
    if (changes !== undefined && !isSame && this.listeners.size > 0) {
      const text = JSON.stringify({ at: seen.at, revision, ...changes } satisfies TopologyChanges);
      for (const listener of this.listeners) listener(text);
    }
    return topology;
  }
}
