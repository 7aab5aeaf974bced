/*
 * The overflow queue of one destination, shared with pauses, and two managers. An event goes to the overflow queue
 * while its manager knows a cause: the subscription is paused (by the map, which each manager gets by its rollout),
 * or the manager's own circuit breaker is open. A manager registers as a consumer before it writes there. Consumers
 * compete, one event in hand each; a manager moves what it has in hand when it knows no cause, routed by the map as
 * it is then. A subscription that is removed and made again is another generation; an event keeps the generation that
 * it was written under.
 *
 * To prove the queue empty, a manager (the collector) reads the set of live managers, then asks each for a marker in
 * the queue, behind its last write; when all have come out, it asks each live manager whether it has finished what it
 * had in hand. If a manager's connection ends meanwhile, the round is void. Then the collector stops consuming. The
 * queue is never deleted.
 *
 * Proves (assert):
 *   NO_LEAK            an event that was published after the acknowledgement of a pause does not reach the
 *                      destination before somebody asks for the resume
 *   NO_RETURN          what waited in a subscription that was removed does not reach the subscription that is made
 *                      later
 *   PROVEN_EMPTY       when the queue is reported as empty, no event written before a live manager's marker is in it
 *                      or in hand
 *   NOTHING_LOST       at the end, every event published to the present generation of the subscription has arrived
 *   no invalid end state: when no cause is left, no event stays in the overflow queue
 *
 * Bounds: 2 managers, 2 events, 1 opening of a breaker, operations (pause, resume, remove, subscribe) in any order
 * and a last resume. Default: 3 operations, nobody dies, no round. PROOF: 2 operations, 1 manager that dies (its
 * lease ends first, its connection later), 2 rounds of markers.
 *
 * Faults (FAULT_…):
 *   DECIDE_ONCE        a manager that has begun to move goes on until the queue is empty, whatever the map is by then
 *   ENDS_OTHERS        the end of one cause ends the others
 *   UNCONSUMED         a manager writes to the overflow queue without consuming it
 *   LEASE_END          the survivor looks for the queue when the other's lease has ended, not after its connection
 *                      has
 *   DECLARED_EMPTY     a passive declare that answers (0, 0) is taken as proof
 *   MARKER_ONLY        the markers alone are the proof, whatever other consumers have in hand (first wording of the
 *                      design)
 *   OLD_MARKER         the markers of the managers that live at the end are enough, although one died in the round
 *   NO_GENERATION      what comes out is routed by the map alone (first wording of the design)
 *   DELETE             the queue is deleted when it has been proven empty
 */
/* Always 0: names the property in the message of the checker. */
hidden byte NO_LEAK, NO_RETURN, PROVEN_EMPTY, NOTHING_LOST;

#ifdef PROOF
#define OPERATIONS 2
#define DEATHS 1
#define OPENS 1
#define ROUNDS 2
#else
#define OPERATIONS 3
#define DEATHS 0
#define OPENS 1
#define ROUNDS 0
#endif
#define N 2
#define NONE 99
#define MARKER(m) (10 + (m) + 2 * round)

chan overflow = [N + 5] of { byte };
bool alive[2] = true;      /* its connection has not ended */
bool leased[2] = true;
bool viewPaused[2];        /* the map as the manager knows it */
byte viewGeneration[2] = 1;
bool open[2];
bool consuming[2];
bool moving[2];
byte inHand[2] = NONE;     /* from the overflow queue */
byte routing[2] = NONE;    /* from the intake */

bool paused;               /* the map */
byte generation = 1;
bool pauseAcked;           /* and no resume asked for since */
byte ackedGeneration = 1;
byte epoch;                /* counts pauses */

bool published[N], routed[N], arrived[N];
byte bornEpoch[N], bornGeneration[N], tag[N], afterMarker[N];

byte round;                /* 0: none yet */
byte collector = NONE;
bool inSet[2], marked[2], cameOut[2], finished[2];
bool ownWrite;
byte opens = OPENS, deaths = DEATHS;
bool looked;               /* for the queue, after the other manager's end */
bool ended;                /* no more operations, no cause left */

#define ROUND_ON (collector != NONE)
#define CAUSE(m) (viewPaused[m] || open[m])
#define CURRENT(m) (!alive[m] || (viewPaused[m] == paused && viewGeneration[m] == generation))

active proctype Publisher() {
end_idle:
  do
  :: d_step { !published[0] -> published[0] = true;
       if :: pauseAcked -> bornEpoch[0] = epoch :: else fi;
       bornGeneration[0] = ackedGeneration }
  :: d_step { published[0] && !published[1] -> published[1] = true;
       if :: pauseAcked -> bornEpoch[1] = epoch :: else fi;
       bornGeneration[1] = ackedGeneration }
  od
}

inline reach(i) {
  assert(NO_LEAK || (!(pauseAcked && bornEpoch[i] == epoch)));
  arrived[i] = true
}

inline write(m, i) {
#ifndef FAULT_UNCONSUMED
  consuming[m] = true;
#endif
  overflow!i; tag[i] = viewGeneration[m];
  if :: ROUND_ON && marked[m] -> afterMarker[i] = round :: else -> afterMarker[i] = 0 fi;
  if :: ROUND_ON && collector == m -> ownWrite = true :: else fi
}

#define INTAKE(m, i) \
  :: d_step { alive[m] && routing[m] == NONE && published[i] && !routed[i] && routing[1 - m] != i -> routing[m] = i }

#ifdef FAULT_DECIDE_ONCE
#define MAY_MOVE(m) (!CAUSE(m) || moving[m])
#else
#define MAY_MOVE(m) !CAUSE(m)
#endif
#ifdef FAULT_NO_GENERATION
#define STILL_SUBSCRIBED(m) (viewGeneration[m] > 0)
#else
#define STILL_SUBSCRIBED(m) (viewGeneration[m] == tag[inHand[m]])
#endif

inline startRound(m) {
  round++; collector = m; ownWrite = false;
  inSet[0] = alive[0]; inSet[1] = alive[1];
  marked[0] = false; marked[1] = false; cameOut[0] = false; cameOut[1] = false; finished[0] = false; finished[1] = false
}

inline endRound() {
  collector = NONE; ownWrite = false; marked[0] = false; marked[1] = false; inSet[0] = false; inSet[1] = false;
  cameOut[0] = false; cameOut[1] = false; finished[0] = false; finished[1] = false
}

#define WAITS(i) (overflow??[i] || inHand[0] == i || inHand[1] == i)
#define TRUE_OF(i) (!WAITS(i) || afterMarker[i] == round)

#ifdef FAULT_OLD_MARKER
#define IN_SET(m) (inSet[m] && alive[m])
#else
#define IN_SET(m) inSet[m]
#endif
#define ALL_OUT ((!IN_SET(0) || cameOut[0]) && (!IN_SET(1) || cameOut[1]))
#ifdef FAULT_MARKER_ONLY
#define ALL_FINISHED true
#else
#define ALL_FINISHED ((!IN_SET(0) || finished[0]) && (!IN_SET(1) || finished[1]))
#endif

proctype Manager(byte m) {
  byte x;
end_idle:
  do
  /* the rollout */
  :: d_step { alive[m] && !CURRENT(m) -> viewPaused[m] = paused; viewGeneration[m] = generation }
  INTAKE(m, 0)
  INTAKE(m, 1)
  :: d_step { alive[m] && routing[m] != NONE ->
       if
       :: viewGeneration[m] == 0 /* nobody subscribes */
       :: viewGeneration[m] > 0 && CAUSE(m) -> write(m, routing[m])
       :: viewGeneration[m] > 0 && !CAUSE(m) -> reach(routing[m])
       fi;
       routed[routing[m]] = true; routing[m] = NONE }
  /* the circuit breaker */
  :: d_step { alive[m] && opens > 0 && !ended && !open[m] -> opens--; open[m] = true }
  :: d_step { open[m] -> open[m] = false;
#ifdef FAULT_ENDS_OTHERS
       viewPaused[m] = false
#endif
     }
  /* the way back */
#ifdef FAULT_DECIDE_ONCE
  :: d_step { moving[m] && len(overflow) == 0 && inHand[m] == NONE -> moving[m] = false }
#endif
  :: d_step { alive[m] && consuming[m] && inHand[m] == NONE && MAY_MOVE(m) && nempty(overflow) ->
       overflow?x;
#ifdef FAULT_DECIDE_ONCE
       moving[m] = true;
#endif
       if
       :: x < N -> inHand[m] = x
       :: x >= N && ROUND_ON && x == MARKER(0) -> cameOut[0] = true
       :: x >= N && ROUND_ON && x == MARKER(1) -> cameOut[1] = true
       :: x >= N && !(ROUND_ON && (x == MARKER(0) || x == MARKER(1))) /* of a round that is void */
       fi;
       x = 0 }
  :: d_step { alive[m] && inHand[m] != NONE && MAY_MOVE(m) ->
       if
       :: STILL_SUBSCRIBED(m) -> assert(NO_RETURN || (tag[inHand[m]] == viewGeneration[m])); reach(inHand[m])
       :: else /* its subscription was removed */
       fi;
       inHand[m] = NONE }
  /* the proof */
  :: d_step { alive[m] && consuming[m] && !CAUSE(m) && !ROUND_ON && round < ROUNDS && inHand[m] == NONE ->
       startRound(m) }
  :: d_step { ROUND_ON && alive[m] && inSet[m] && !marked[m] && !CAUSE(m) -> overflow!MARKER(m); marked[m] = true }
  :: d_step { ROUND_ON && ALL_OUT && alive[m] && !finished[m] && inHand[m] == NONE -> finished[m] = true }
  :: d_step { ROUND_ON && collector == m && alive[m] && ALL_OUT && ALL_FINISHED && !CAUSE(m) && inHand[m] == NONE ->
       if
       :: ownWrite
       :: else ->
            assert(PROVEN_EMPTY || (TRUE_OF(0) && TRUE_OF(1)));
#ifdef FAULT_DELETE
            do :: nempty(overflow) -> overflow?x :: empty(overflow) -> break od; x = 0;
#endif
            consuming[m] = false
       fi;
       endRound() }
#ifdef FAULT_DECLARED_EMPTY
  :: d_step { alive[m] && consuming[m] && inHand[m] == NONE && !CAUSE(m) -> consuming[m] = false }
#endif
  /* the survivor finds the queue */
#ifdef FAULT_LEASE_END
  :: d_step { alive[m] && !leased[1 - m] && !looked -> looked = true;
       if
       :: len(overflow) > 0 || inHand[1 - m] != NONE -> consuming[m] = true
       :: len(overflow) == 0 && inHand[1 - m] == NONE /* no such queue yet */
       fi }
#else
  :: d_step { alive[m] && !alive[1 - m] && !looked -> looked = true; consuming[m] = true }
#endif
  od
}


#ifdef FAULT_OLD_MARKER
#define VOID_ROUND(m) (collector == m)
#else
#define VOID_ROUND(m) inSet[m]
#endif
#define DIES(m) \
  routing[m] = NONE; open[m] = false; consuming[m] = false; moving[m] = false; \
  if :: inHand[m] != NONE -> overflow!inHand[m]; inHand[m] = NONE :: else fi; \
  if :: ROUND_ON && VOID_ROUND(m) -> endRound() :: else fi

active proctype Deaths() {
end_idle:
  do
  :: d_step { deaths > 0 -> deaths--; leased[0] = false }
  :: d_step { deaths > 0 -> deaths--; leased[1] = false }
  :: d_step { !leased[0] && alive[0] -> alive[0] = false; DIES(0) }
  :: d_step { !leased[1] && alive[1] -> alive[1] = false; DIES(1) }
  od
}
#define ROLLED_OUT (CURRENT(0) && CURRENT(1))

active proctype Operator() {
  byte operations = OPERATIONS;
  byte made = 1; /* generations */
  do
  :: operations > 0 && generation != 0 && !paused ->
       operations--; paused = true; ROLLED_OUT; d_step { pauseAcked = true; epoch++ }
  :: operations > 0 && paused ->
       d_step { operations--; pauseAcked = false; paused = false }; ROLLED_OUT
  :: operations > 0 && generation != 0 ->
       d_step { operations--; pauseAcked = false; paused = false; generation = 0; ackedGeneration = 0 }; ROLLED_OUT
  :: operations > 0 && generation == 0 ->
       d_step { operations--; made++; generation = made }; ROLLED_OUT; ackedGeneration = generation
  :: true -> break
  od;
  atomic { pauseAcked = false; paused = false };
  ROLLED_OUT;
  ended = true;
  /* blocks here, an invalid end state, if anything is stranded */
  (routed[0] && routed[1] && !open[0] && !open[1] && !WAITS(0) && !WAITS(1));
  assert(NOTHING_LOST || bornGeneration[0] != generation || generation == 0 || arrived[0]);
  assert(NOTHING_LOST || bornGeneration[1] != generation || generation == 0 || arrived[1])
}

init { atomic { run Manager(0); run Manager(1) } }
