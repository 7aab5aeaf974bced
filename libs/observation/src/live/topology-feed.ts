import { PeriodicTask } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { changesOf } from './changes-of';
import type { Topology, TopologyChanges } from './topology';
import { TopologyView } from './topology-view';
import { Viewers } from './viewers';

/** How often changes are published. */
const INTERVAL_MS = 1_000;
/** A topology that is younger than this is reused. */
const FRESH_MS = 500;

/** Called with each change, as JSON that is encoded once for all listeners. */
export type FeedListener = (changes: string) => void;

/** The current topology, and its changes from then on. Any number of listeners costs about as much as one. */
@Injectable()
export class TopologyFeed {
  private last: { readonly topology: Topology; readonly atMs: number } | undefined;
  private readonly listeners = new Set<FeedListener>();
  private advancing: PeriodicTask | undefined;

  constructor(
    private readonly view: TopologyView,
    private readonly viewers: Viewers,
  ) {}

  /** The topology, at most half a second old. */
  current(): Topology {
    this.viewers.noteRequest();
    const { last } = this;
    return last !== undefined && Date.now() - last.atMs < FRESH_MS ? last.topology : this.advance();
  }

  /**
   * Calls `listener` with the changes that follow the state that `look` returns now.
   *
   * @returns a function that ends this.
   */
  listen(listener: FeedListener): () => void {
    const leave = this.viewers.add();
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
    const state = this.view.build(nowMs);
    const before = this.last?.topology;
    const changes = before === undefined ? undefined : changesOf(before, state);
    const isSame = changes !== undefined && Object.keys(changes).length === 0;
    const revision = (before?.revision ?? 0) + (isSame ? 0 : 1);
    const topology = { ...state, revision };
    this.last = { topology, atMs: nowMs };
    if (changes !== undefined && !isSame && this.listeners.size > 0) {
      const text = JSON.stringify({ at: state.at, revision, ...changes } satisfies TopologyChanges);
      for (const listener of this.listeners) listener(text);
    }
    return topology;
  }
}
