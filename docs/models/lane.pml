/*
 * A legacy lane: one hop of it. A source queue (quorum, single active consumer) holds events without versions; the
 * manager that the broker delivers to moves them to a target queue. The hop occurs twice: db.event.queue to the lane
 * queue, and the lane queue to <service>.queue. The property speaks of positions in the source queue, so it holds for
 * the chain of hops.
 *
 * A mover is one connection of a manager, from its registration as a consumer to its end: consumer and publishing
 * channel together. A manager that crashes or reconnects is a new mover. Losing the lane has two steps, as in a
 * cluster: first the source queue requeues the deliveries and delivers to the next mover, later the connection ends;
 * in between the old mover knows nothing and goes on publishing. What is in its channel then still reaches the
 * target, or is lost from some point on.
 *
 * Events: 0, 2, 3 belong to entity A, 1 to entity B. Outcomes of a publish: confirmed, refused, unknown (deadline on
 * a living channel, or the channel is lost).
 *
 * Proves (assert):
 *   NO_OLD_AFTER_ACK   once an event is acknowledged, no older event of its entity reaches the target
 *   SAFE_AT_ACK        an event that is acknowledged is in the target, and nothing older of its entity came after it
 *   NEWEST_AT_REST     when all is acknowledged and no channel holds anything, the newest event of each entity came
 *                      last
 *   no invalid end state: everything is acknowledged in the end, whatever was lost before
 * Proves (ltl, with STUCK: event 0 is refused without end):
 *   others             entity B's event is acknowledged all the same
 *
 * Bounds: 4 events, 2 entities, 3 movers (2 losses of the lane), 1 refusal, 1 unknown outcome (of these together at
 * most 4, with SEND_AT_ONCE 2), 7 publishes in a channel. Entity B takes part with STUCK only.
 * Variants: rule 5 by waiting (default) or by sending at once (SEND_AT_ONCE).
 * Assumes: at a failover the broker redelivers in the order of the queue (see FAULT_REDELIVERY_ORDER).
 *
 * Faults (FAULT_…):
 *   RULE1              acknowledges what is confirmed, whatever came before it
 *   RULE1_ALL          acknowledges only after all earlier events, not those of the entity alone (with STUCK)
 *   RULE2              sends only the refused event again, not what follows it
 *   RULE3              sends again over a second channel while the first still holds the unknown publish
 *   RULE4_CONNECTION   publishes over a connection of its own, which outlives the consuming one
 *   RULE4_MEMORY       keeps its events in memory, and sends them after it has reconnected
 *   RULE5              the successor sends and acknowledges at once
 *   RULE5_LAST         the successor waits for the end of its direct predecessor only
 *   RULE5_ONCE         (with SEND_AT_ONCE) the successor does not send again after the proof
 *   OLD_CONFIRM        the confirm of an earlier publish of the same event counts for the repeated one
 *   REDELIVERY_ORDER   the broker redelivers in any order
 */
/* Always 0: names the property in the message of the checker. */
hidden byte SAFE_AT_ACK, NO_OLD_AFTER_ACK, NEWEST_AT_REST;

#define N 4
#define MOVERS 3
#define SECOND 3 /* the second channel in FAULT_RULE3 */
#define NONE 9
#define ENTITY(i) ((i) == 1 -> 1 : 0)

typedef Memory {
  bool got[N];  /* delivered to this mover */
  bool need[N]; /* must be sent, or sent again */
  bool ok[N];   /* its last publish is confirmed */
  byte out[N]   /* its publishes without an outcome */
};

Memory mem[MOVERS];
chan pipe[MOVERS + 1] = [7] of { byte };
byte channelOf[MOVERS];
byte lane;             /* the mover that the source queue delivers to */
bool gone[MOVERS];     /* the mover's connection has ended */
bool renewed[MOVERS];  /* sent again since the proof (SEND_AT_ONCE) */
bool acked[N];
bool arrived[N];
byte last[2] = NONE;   /* per entity: what reached the target last */
#ifdef STUCK
byte refusals = 0, unknowns = 0, losses = 0, disturbances = 0;
#else
byte refusals = 1, unknowns = 1, losses = 2;
#ifdef SEND_AT_ONCE
byte disturbances = 2; /* all of them together */
#else
byte disturbances = 4;
#endif
#endif

#define ALL_ACKED (acked[0] && acked[1] && acked[2] && acked[3])
#define PIPES_EMPTY (empty(pipe[0]) && empty(pipe[1]) && empty(pipe[2]) && empty(pipe[3]))
#define PROOF(p) (gone[p] && empty(pipe[p]))
#ifdef FAULT_RULE5_LAST
#define PREDECESSORS_GONE(c) (c == 0 || PROOF(c - 1))
#else
#define PREDECESSORS_GONE(c) ((c < 1 || PROOF(0)) && (c < 2 || PROOF(1)))
#endif

#if defined(FAULT_RULE5)
#define MAY_SEND(c) true
#define MAY_ACK(c) true
#elif defined(SEND_AT_ONCE)
#define MAY_SEND(c) true
#define MAY_ACK(c) renewed[c]
#else
#define MAY_SEND(c) PREDECESSORS_GONE(c)
#define MAY_ACK(c) true
#endif

#ifdef FAULT_RULE4_CONNECTION
#define CAN_PUBLISH(c) true
#else
#define CAN_PUBLISH(c) !gone[c] /* rule 4 */
#endif

#define WAITS(c, i) (mem[c].got[i] && mem[c].need[i])
/* Per entity, events are sent in order. */
#define SENDABLE(c, i) (WAITS(c, i) && ((i) < 2 || !WAITS(c, 0)) && ((i) != 3 || !WAITS(c, 2)))

#define FINISHED(c, j) (acked[j] || !mem[c].got[j])
#if defined(FAULT_RULE1)
#define EARLIER_ACKED(c, i) true
#elif defined(FAULT_RULE1_ALL)
#define EARLIER_ACKED(c, i) ((i < 1 || FINISHED(c, 0)) && (i < 2 || FINISHED(c, 1)) && (i < 3 || FINISHED(c, 2)))
#else
#define EARLIER_ACKED(c, i) ((i < 2 || FINISHED(c, 0)) && (i < 3 || FINISHED(c, 2)))
#endif
#ifdef FAULT_OLD_CONFIRM
#define CONFIRMED(c, i) mem[c].ok[i]
#else
#define CONFIRMED(c, i) (mem[c].ok[i] && !mem[c].need[i] && mem[c].out[i] == 0)
#endif
#define ACKABLE(c, i) (lane == c && MAY_ACK(c) && mem[c].got[i] && !acked[i] && CONFIRMED(c, i) && EARLIER_ACKED(c, i))

#ifdef FAULT_OLD_CONFIRM
#define KEEP_OK(c, j) skip
#else
#define KEEP_OK(c, j) mem[c].ok[j] = false
#endif
#define AGAIN_ONE(c, j) \
  if :: mem[c].got[j] && !acked[j] -> mem[c].need[j] = true; KEEP_OK(c, j) :: else fi

inline again(c, i) { /* rule 2: from this event on, all of its entity */
  AGAIN_ONE(c, i);
#ifndef FAULT_RULE2
  if :: i == 0 -> AGAIN_ONE(c, 2); AGAIN_ONE(c, 3)
     :: i == 2 -> AGAIN_ONE(c, 3)
     :: else
  fi
#endif
}

inline againAll(c) { AGAIN_ONE(c, 0); AGAIN_ONE(c, 1); AGAIN_ONE(c, 2); AGAIN_ONE(c, 3) }

inline forget(c) {
  d_step {
    i = 0;
    do
    :: i < N -> mem[c].got[i] = false; mem[c].need[i] = false; mem[c].ok[i] = false; mem[c].out[i] = 0; i++
    :: else -> break
    od;
    i = 0
  }
}

/* The prefetch covers all events; a slow delivery is a late publish. */
#define TAKE(c, i) if :: !acked[i] -> mem[c].got[i] = true; mem[c].need[i] = true :: else fi
#define UNTAKEN(c, i) (!acked[i] && !mem[c].got[i])

#define STEPS(c, i) \
  :: d_step { CAN_PUBLISH(c) && MAY_SEND(c) && SENDABLE(c, i) && nfull(pipe[channelOf[c]]) -> \
       pipe[channelOf[c]]!i; mem[c].need[i] = false; mem[c].out[i]++ } \
  :: d_step { ACKABLE(c, i) -> acked[i] = true; \
       assert(SAFE_AT_ACK || (arrived[i] && last[ENTITY(i)] >= i)) } \
  :: d_step { unknowns > 0 && disturbances > 0 && lane == c && mem[c].got[i] && !acked[i] && !mem[c].need[i] -> \
       unknowns--; disturbances--; UNKNOWN(c, i) }

#ifdef FAULT_RULE3
#define UNKNOWN(c, i) \
  channelOf[c] = SECOND; mem[c].out[0] = 0; mem[c].out[1] = 0; mem[c].out[2] = 0; mem[c].out[3] = 0; againAll(c)
#else
#define UNKNOWN(c, i) again(c, i)
#endif

proctype Mover(byte c) {
  byte i;
  channelOf[c] = c;
end_waits:
#ifdef FAULT_RULE4_MEMORY
  (lane == c || (c == 2 && gone[0]));
  if :: c == 2 && gone[0] -> d_step {
          i = 0;
          do
          :: i < N -> mem[2].got[i] = mem[0].got[i]; mem[2].need[i] = mem[0].got[i]; i++
          :: else -> break
          od;
          i = 0
        }
     :: else
  fi;
#else
  lane == c;
#endif
#ifdef FAULT_RULE4_CONNECTION
end_moves:
#endif
  do
#ifdef FAULT_REDELIVERY_ORDER
  :: d_step { lane == c && UNTAKEN(c, 0) -> TAKE(c, 0) }
  :: d_step { lane == c && UNTAKEN(c, 2) -> TAKE(c, 2) }
  :: d_step { lane == c && UNTAKEN(c, 3) -> TAKE(c, 3) }
#else
  :: d_step { lane == c && (UNTAKEN(c, 0) || UNTAKEN(c, 1) || UNTAKEN(c, 2) || UNTAKEN(c, 3)) ->
       TAKE(c, 0); TAKE(c, 1); TAKE(c, 2); TAKE(c, 3) }
#endif
  STEPS(c, 0)
  STEPS(c, 2)
  STEPS(c, 3)
#ifdef SEND_AT_ONCE
  :: d_step { !renewed[c] && PREDECESSORS_GONE(c) -> renewed[c] = true;
#ifndef FAULT_RULE5_ONCE
       againAll(c)
#endif
     }
#endif
#ifndef FAULT_RULE4_CONNECTION
  :: gone[c] -> break
#endif
  :: ALL_ACKED && lane == c -> break
  od;
#if !defined(FAULT_RULE4_MEMORY) && !defined(STUCK)
  forget(c)
#endif
}

#ifdef STUCK
/* Entity B's part of mover 0: a process of its own, so that fairness holds for each entity. */
proctype MoverOfB() {
  byte i;
  do
  STEPS(0, 1)
  :: acked[1] -> break
  od
}
#endif

#define REACH(i) \
  arrived[i] = true; \
  assert(NO_OLD_AFTER_ACK || (i != 0 || (!acked[2] && !acked[3]))); \
  assert(NO_OLD_AFTER_ACK || i != 2 || !acked[3]); \
  last[ENTITY(i)] = i

/* Publishes of channel k reach the target in order; c is the mover that gets the outcome. */
#define LANDS(k, c) \
  :: d_step { nempty(pipe[k]) && LANDS_NOW(k) -> pipe[k]?i; REACH(i); \
       if :: !gone[c] && channelOf[c] == k && mem[c].out[i] > 0 -> mem[c].out[i]--; \
               if :: OK_NOW(c, i) -> mem[c].ok[i] = true :: else fi \
          :: else \
       fi; i = 0 } \
  :: d_step { nempty(pipe[k]) && !gone[c] && REFUSES(k) -> pipe[k]?i; REFUSED; \
       if :: channelOf[c] == k && mem[c].out[i] > 0 -> mem[c].out[i]--; again(c, i) :: else fi; i = 0 }
#ifdef FAULT_OLD_CONFIRM
#define OK_NOW(c, i) true
#else
#define OK_NOW(c, i) (mem[c].out[i] == 0 && !mem[c].need[i])
#endif
#ifdef STUCK
#define LANDS_NOW(k) !(pipe[k]?[0])
#define REFUSES(k) (pipe[k]?[0])
#define REFUSED skip
#else
#define LANDS_NOW(k) true
#define REFUSES(k) (refusals > 0 && disturbances > 0)
#define REFUSED refusals--; disturbances--
#endif

/* The rest of a channel is lost: with its connection, or alone (then the mover learns that all of it is unknown). */
#define LOST(k) \
  :: d_step { gone[k] && nempty(pipe[k]) -> do :: nempty(pipe[k]) -> pipe[k]?i :: empty(pipe[k]) -> break od; i = 0 } \
  :: d_step { unknowns > 0 && disturbances > 0 && !gone[k] && nempty(pipe[k]) && channelOf[k] == k -> \
       unknowns--; disturbances--; \
       do :: nempty(pipe[k]) -> pipe[k]?i :: empty(pipe[k]) -> break od; \
       i = 0; \
       do \
       :: i < N && mem[k].out[i] > 0 -> mem[k].out[i] = 0; again(k, i); i++ \
       :: i < N && mem[k].out[i] == 0 -> i++ \
       :: else -> break \
       od; \
       i = 0 }

active proctype Network() {
  byte i;
end_idle:
  do
  LANDS(0, 0)
#ifndef STUCK
  LANDS(1, 1)
  LANDS(2, 2)
  LOST(0)
  LOST(1)
  LOST(2)
#endif
#ifdef FAULT_RULE3
  LANDS(SECOND, lane)
#endif
  od
}

#ifndef STUCK
active proctype Cluster() {
end_losses:
  do
  :: d_step { losses > 0 && disturbances > 0 && lane < MOVERS - 1 -> losses--; disturbances--; lane++ }
  :: lane > 0 && !gone[0] -> gone[0] = true
  :: lane > 1 && !gone[1] -> gone[1] = true
  od
}

active proctype Rest() {
end_rest:
  ALL_ACKED && PIPES_EMPTY;
  assert(NEWEST_AT_REST || (last[0] == 3))
}
#endif

init {
  atomic {
    renewed[0] = true;
    run Mover(0);
#ifdef STUCK
    run MoverOfB();
#else
    acked[1] = true; /* entity B takes part with STUCK only: it would multiply the states by 20 */
    run Mover(1);
    run Mover(2)
#endif
  }
}

#ifdef STUCK
/* Time goes on when nothing else does: spin's weak fairness overlooks cycles of the formula alone. */
bit clock;
active proctype Clock() { do :: clock = 0 od }

ltl others { <> acked[1] }
#endif
