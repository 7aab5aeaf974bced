import { randomUUID } from 'node:crypto';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { Backoff, Log, pause } from '@dbem/runtime';
import { Broker, INTAKE_QUEUE, MANAGER_QUEUE } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { SubscriptionRegistry } from '../subscription-registry.port';
import { RolloutChannel } from './rollout-channel';
import type { RolloutMessage } from './rollout-message';

/** One round of requests. `answers`: the consumer registration of each manager that answered. */
interface Round {
  readonly answers: Map<string, string>;
  onAnswer: () => void;
}

const ROLLOUT_TIMEOUT_MS = 10_000;
/** A consumer that died answers never: while a round waits, the consumers are counted again after this time, ms. */
const RECOUNT_INTERVAL_MS = 500;

/** How often to look whether this manager's consumer is registered, ms. */
const REGISTRATION_CHECK_MS = 20;
const PAUSE_BETWEEN_TRIES_MS = 100;
const MARK_TIMEOUT_MS = 5_000;

/**
 * Rolls out changes of the map to every manager that consumes events, including managers that have lost ZooKeeper
 * (decision 0010). The registry waits for its live members; this waits for all consumers of events, over the broker.
 *
 *   stale (reports may have been missed) -channel restored, then store read again-> current -channel lost-> stale …
 *
 * A manager must consume events only while it is current.
 */
@Injectable()
export class MapRollout implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly rounds = new Map<string, Round>();
  private readonly marks = new Map<string, () => void>();
  private readonly listeners = new Set<(isCurrent: boolean) => void>();
  private losses = 0;
  private current = false;
  private registrationId: () => string | undefined = () => undefined;

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly broker: Broker,
    private readonly channel: RolloutChannel,
    private readonly log: Log,
  ) {
    channel.listen({
      onMessage: (message) => this.receive(message),
      onLost: () => this.becomeStale(),
      onRestored: () => void this.becomeCurrent(),
    });
  }

  async start(): Promise<void> {
    await this.channel.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.channel.stop();
  }

  get isCurrent(): boolean {
    return this.current;
  }

  /** Calls `listener` at each change of `isCurrent`. */
  onChange(listener: (isCurrent: boolean) => void): void {
    this.listeners.add(listener);
  }

  /** @param registrationId the id of this manager's current consumer registration; called for each answer. */
  setRegistration(registrationId: () => string | undefined): void {
    this.registrationId = registrationId;
  }

  /**
   * Resolves when every manager that consumes events routes by this publisher's subscriptions as this manager knows
   * them. Rejects with ROLLOUT_TIMEOUT, or with the broker's error; both retryable.
   *
   * Why two rounds: a manager that answers with the same registration in both rounds was a consumer all the time in
   * between, when the consumers were counted. So if there are as many of them as consumers, every consumer has
   * answered.
   */
  async rollOut(publisher: string): Promise<void> {
    const deadline = Date.now() + ROLLOUT_TIMEOUT_MS;
    for (;;) {
      const first = await this.ask(publisher, await this.countConsumers(), deadline);
      const consumers = await this.countConsumers();
      const second = await this.ask(publisher, consumers, deadline);
      const steady = [...second].filter(([manager, registrationId]) => first.get(manager) === registrationId);
      if (steady.length >= consumers) return;
      if (Date.now() > deadline || this.stopping.signal.aborted) throw rolloutTimedOut(consumers, steady.length);
      await pause(PAUSE_BETWEEN_TRIES_MS, this.stopping.signal);
    }
  }

  /**
   * Resolves when all reports that others published before this call have been received. Rejects with the broker's
   * error, or with BROKER_UNAVAILABLE if that takes too long.
   */
  async catchUp(): Promise<void> {
    const mark = randomUUID();
    const isReceived = new AbortController();
    this.marks.set(mark, () => isReceived.abort());
    try {
      await this.channel.send(this.channel.queue, { kind: 'mark', mark });
      await pause(MARK_TIMEOUT_MS, AbortSignal.any([isReceived.signal, this.stopping.signal]));
    } finally {
      this.marks.delete(mark);
    }
    if (isReceived.signal.aborted && this.current) return;
    throw new DbEventError(
      'BROKER_UNAVAILABLE',
      'No rollout messages are received, so the map may be stale; try again',
      {
        retryable: true,
      },
    );
  }

  /**
   * Resolves with the answers when there are as many as consumers, or at the deadline. A round has no time limit of its
   * own: under load an answer may take longer than any limit, and a round that starts again would never complete.
   */
  private async ask(publisher: string, consumers: number, deadline: number): Promise<ReadonlyMap<string, string>> {
    const id = randomUUID();
    const round: Round = { answers: new Map(), onAnswer: () => {} };
    this.rounds.set(id, round);
    try {
      const report = this.registry.report(publisher);
      await this.channel.publish({ kind: 'report', round: id, replyTo: this.channel.queue, report });
      for (let enough = consumers; ; enough = await this.countConsumers()) {
        const isComplete = new AbortController();
        round.onAnswer = () => {
          if (round.answers.size >= enough) isComplete.abort();
        };
        round.onAnswer();
        await pause(RECOUNT_INTERVAL_MS, AbortSignal.any([isComplete.signal, this.stopping.signal]));
        const isOver = Date.now() > deadline || this.stopping.signal.aborted;
        if (isComplete.signal.aborted || isOver) return round.answers;
      }
    } finally {
      this.rounds.delete(id);
    }
  }

  private async countConsumers(): Promise<number> {
    const { topology } = this.broker;
    const states = await Promise.all([INTAKE_QUEUE, MANAGER_QUEUE].map((queue) => topology.inspectQueue(queue)));
    return Math.max(...states.map((state) => state?.consumers ?? 0));
  }

  private receive(message: RolloutMessage): void {
    if (message.kind === 'mark') {
      this.marks.get(message.mark)?.();
    } else if (message.kind === 'applied') {
      const round = this.rounds.get(message.round);
      if (round === undefined || message.registration === undefined) return;
      round.answers.set(message.manager, message.registration);
      round.onAnswer();
    } else {
      this.registry.learn(message.report);
      void this.answer(message);
    }
  }

  /**
   * Waits for the registration: the broker may count a manager that is registering as a consumer already, and the round
   * is complete only with its answer. Undefined: it does not consume.
   */
  private async nextRegistration(): Promise<string | undefined> {
    const deadline = Date.now() + ROLLOUT_TIMEOUT_MS;
    while (this.registrationId() === undefined && Date.now() < deadline && !this.stopping.signal.aborted) {
      await pause(REGISTRATION_CHECK_MS, this.stopping.signal);
    }
    return this.registrationId();
  }

  private async answer({ round, replyTo }: RolloutMessage & { kind: 'report' }): Promise<void> {
    const registration = await this.nextRegistration();
    if (registration === undefined) return;
    try {
      await this.channel.send(replyTo, {
        kind: 'applied',
        round,
        manager: this.channel.queue,
        registration,
      });
    } catch (error) {
      this.log.debug({ err: error }, 'could not reply to another event manager; it will ask again');
    }
  }

  private becomeStale(): void {
    this.losses += 1;
    this.change(false);
  }

  private async becomeCurrent(): Promise<void> {
    const { losses } = this;
    const backoff = new Backoff({ initialMs: 50, maxMs: 500 });
    while (losses === this.losses && !this.stopping.signal.aborted) {
      try {
        await this.registry.refresh();
        if (losses === this.losses) this.change(true);
        return;
      } catch (error) {
        this.log.debug(
          { err: error },
          'could not refresh the subscription map; no events are consumed until it has been read',
        );
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  private change(isCurrent: boolean): void {
    if (this.current === isCurrent) return;
    this.current = isCurrent;
    for (const listener of this.listeners) listener(isCurrent);
  }
}

function rolloutTimedOut(consumers: number, answered: number): DbEventError {
  return new DbEventError(
    'ROLLOUT_TIMEOUT',
    `Not every event manager routes by the change yet: the managers’ queues have ${consumers} consumers, and ${answered} confirmed the change; try again`,
    { retryable: true, details: { consumers, answered } },
  );
}
