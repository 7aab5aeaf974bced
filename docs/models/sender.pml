/*
 * The senders of one manager. The intake delivers at most WINDOW messages that are not acknowledged. Each has one or
 * more elements, each element goes to one or more destinations, and each destination has a sender with a window of
 * its own. A part is one element for one destination. Destination 0 is healthy; 1 and 2 each take one of these forms,
 * at random:
 *   WELL               confirms
 *   REFUSES            refuses each publish (or it is returned, or the queue can't be declared)
 *   SILENT             does not confirm, and the deadline finds out; whether the publish arrived is unknown
 *   SLOW               confirms too late to be of use, yet each time within the deadline: modelled as never, with no
 *                      deadline
 * A sender whose circuit breaker is open sends its parts, those in flight first, to the destination's overflow queue;
 * if that queue can't be used either, to the fallback queue (one for all destinations, with its leader elsewhere).
 * The process may crash once, at any point; what was in flight then may have arrived. Its deliveries come again.
 *
 *   delivery 0: element a to 0 and 1, element b to 1
 *   delivery 1: one element to 1 and 2
 *   delivery 2: one element to 0
 *
 * Proves (assert):
 *   ACKED_IS_SAFE      when a delivery is acknowledged, each of its parts is in its destination or in an overflow
 *                      queue
 *   NO_REPEAT          the healthy destination gets a part twice only after a crash (so no delivery is returned for
 *                      another's sake)
 *   MESSAGE_WINDOW     a queue never has more than its maximum of unconfirmed messages
 * Proves (ltl, weak fairness):
 *   healthy            all events for the healthy destination arrive there, whatever forms the others take
 *   finished           if no destination is SLOW, every delivery is acknowledged
 *
 * Bounds: 3 deliveries, 6 parts, 3 destinations, WINDOW 2, 1 message of up to 2 parts in flight per destination (2
 * stop the connection), 1 crash (in the check of the asserts: after a crash all is as at the start, so the ltl
 * formulas need none).
 *
 * Faults (FAULT_…):
 *   ACK_FIRST          acknowledges when each element is confirmed at one destination
 *   UNKNOWN_DROPPED    what is in flight with an unknown outcome when the breaker opens counts as sent
 *   RETURN             a refused part returns its delivery to the broker
 *   NO_MESSAGE_WINDOW  counts events, not messages: the broker stops the connection that all destinations share
 *   FILL_NONE          the breaker does not open when the window is full
 *   FILL_ALONE         it opens when deliveries that wait for this destination alone fill the window (first wording
 *                      of the design)
 *   NO_DEADLINE        a destination that does not confirm opens no breaker
 *   NO_FALLBACK        there is no fallback queue
 */
/* Always 0: names the property in the message of the checker. */
hidden byte ACKED_IS_SAFE, MESSAGE_WINDOW, NO_REPEAT;

#define DELIVERIES 3
#define PARTS 6
#define DESTINATIONS 3
#define WINDOW 2
#define MAX_MESSAGES 1
#define WELL 0
#define REFUSES 1
#define SILENT 2
#define SLOW 3

#define DELIVERY(p) ((p) < 3 -> 0 : ((p) < 5 -> 1 : 2))
#define DESTINATION(p) ((p) == 0 || (p) == 5 -> 0 : ((p) == 4 -> 2 : 1))

mtype = { idle, waiting, inFlight, done };
mtype part[PARTS] = idle;      /* the manager's memory */
bool inHand[DELIVERIES];       /* delivered, not acknowledged */
bool open[DESTINATIONS];       /* the circuit breaker */
byte unconfirmed[DESTINATIONS];
bool connectionStopped;
bool acked[DELIVERIES];        /* the broker's side */
byte arrived[PARTS];
byte overflowed[PARTS];
byte form[DESTINATIONS];
bool overflowUsable[DESTINATIONS];
byte crashes;
bool ready;

#define ALL_DONE(d) \
  (DONE_FOR(0, d) && DONE_FOR(1, d) && DONE_FOR(2, d) && DONE_FOR(3, d) && DONE_FOR(4, d) && DONE_FOR(5, d))
#define DONE_FOR(p, d) (DELIVERY(p) != d || part[p] == done)
#ifdef FAULT_ACK_FIRST
#define ACKABLE(d) (inHand[d] && ((d == 0 && part[0] == done && part[2] == done) || \
  (d == 1 && (part[3] == done || part[4] == done)) || (d == 2 && part[5] == done)))
#else
#define ACKABLE(d) (inHand[d] && ALL_DONE(d))
#endif
#define DELIVERED (inHand[0] + inHand[1] + inHand[2])
#define FULL (DELIVERED == WINDOW)
#define SAFE(p) (arrived[p] > 0 || overflowed[p] > 0)

/* The broker delivers in the order of the queue. */
#define BEFORE(d) (inHand[d] || acked[d])
#define TAKE(d) d_step { DELIVERED < WINDOW && !BEFORE(d) && (d < 1 || BEFORE(0)) && (d < 2 || BEFORE(1)) -> \
  inHand[d] = true; p = 0; \
  do \
  :: p < PARTS && DELIVERY(p) == d -> part[p] = waiting; p++ \
  :: p < PARTS && DELIVERY(p) != d -> p++ \
  :: else -> break \
  od; \
  p = 0 }
#define ACK(d) d_step { ACKABLE(d) -> inHand[d] = false; acked[d] = true; p = 0; \
  do \
  :: p < PARTS && DELIVERY(p) == d -> assert(ACKED_IS_SAFE || (SAFE(p))); part[p] = idle; p++ \
  :: p < PARTS && DELIVERY(p) != d -> p++ \
  :: else -> break \
  od; \
  p = 0 }

active proctype Intake() {
  byte p;
  ready;
end_idle:
  do
  :: TAKE(0)
  :: TAKE(1)
  :: TAKE(2)
  :: ACK(0)
  :: ACK(1)
  :: ACK(2)
  od
}

/* One message: up to two parts that wait for this destination. */
#ifdef FAULT_NO_MESSAGE_WINDOW
#define WINDOW_HAS_ROOM(d) true
#else
#define WINDOW_HAS_ROOM(d) (unconfirmed[d] < MAX_MESSAGES)
#endif
#define WAITS(p, d) (DESTINATION(p) == d && part[p] == waiting)
#define ANY_WAITS(d) (WAITS(0, d) || WAITS(1, d) || WAITS(2, d) || WAITS(3, d) || WAITS(4, d) || WAITS(5, d))
#define UNDONE(p, d) (DESTINATION(p) == d && (part[p] == waiting || part[p] == inFlight))
#define ANY_UNDONE(d) (UNDONE(0, d) || UNDONE(1, d) || UNDONE(2, d) || UNDONE(3, d) || UNDONE(4, d) || UNDONE(5, d))

proctype Sender(byte d) {
  byte p, n;
  ready;
end_idle:
  do
  :: d_step { !open[d] && ANY_WAITS(d) && WINDOW_HAS_ROOM(d) ->
       p = 0; n = 0;
       do
       :: p < PARTS && n < 2 && WAITS(p, d) -> part[p] = inFlight; n++; p++
       :: p < PARTS && n < 2 && !WAITS(p, d) -> p++
       :: else -> break
       od;
       unconfirmed[d]++;
       if :: unconfirmed[d] > MAX_MESSAGES -> connectionStopped = true :: else fi;
#ifndef LIVENESS
       assert(MESSAGE_WINDOW || !connectionStopped);
#endif
       p = 0; n = 0 }
  :: d_step { open[d] && ANY_UNDONE(d) &&
#ifdef FAULT_NO_FALLBACK
       overflowUsable[d] ->
#else
       (overflowUsable[d] || true) /* the fallback queue */ ->
#endif
       p = 0;
       do
       :: p < PARTS && UNDONE(p, d) ->
            if
#ifdef FAULT_UNKNOWN_DROPPED
            :: part[p] == inFlight
#endif
            :: else -> overflowed[p]++
            fi;
            part[p] = done; p++
       :: p < PARTS && !UNDONE(p, d) -> p++
       :: else -> break
       od;
       p = 0 }
  od
}

inline arrive(p) {
  arrived[p]++;
  assert(NO_REPEAT || DESTINATION(p) != 0 || arrived[p] <= 1 + crashes)
}

/* The broker's side of one destination: outcomes of its message in flight. */
proctype Destination(byte d) {
  byte p;
  ready;
end_idle:
  do
  :: d_step { form[d] == WELL && unconfirmed[d] > 0 && !connectionStopped ->
       p = 0;
       do
       :: p < PARTS && DESTINATION(p) == d && part[p] == inFlight -> arrive(p); part[p] = done; p++
       :: p < PARTS && !(DESTINATION(p) == d && part[p] == inFlight) -> p++
       :: else -> break
       od;
       p = 0; unconfirmed[d] = 0 }
  :: d_step { form[d] == REFUSES && unconfirmed[d] > 0 && !open[d] && !connectionStopped ->
       unconfirmed[d] = 0;
#ifdef FAULT_RETURN
       p = 0;
       do
       :: p < PARTS && DELIVERY(p) == 0 && inHand[0] -> part[p] = idle; p++
       :: p < PARTS && DELIVERY(p) == 1 && inHand[1] -> part[p] = idle; p++
       :: p < PARTS && (DELIVERY(p) == 2 || !inHand[DELIVERY(p)]) -> p++
       :: else -> break
       od;
       p = 0; inHand[0] = false; inHand[1] = false
#else
       open[d] = true
#endif
     }
#ifndef FAULT_NO_DEADLINE
  :: d_step { form[d] == SILENT && unconfirmed[d] > 0 && !open[d] && !connectionStopped ->
       unconfirmed[d] = 0; open[d] = true }
#endif
  od
}

/* The window has been full for longer than a prompt destination needs to confirm: something holds it. */
#define OLDEST_WAITS(d) ((inHand[0] && WAITS_FOR(0, d)) || (!inHand[0] && inHand[1] && WAITS_FOR(1, d)))
#define WAITS_FOR(n, d) \
  ((d == 1 && n == 0 && (UNDONE(1, 1) || UNDONE(2, 1))) || (d == 1 && n == 1 && UNDONE(3, 1)) || \
   (d == 2 && n == 1 && UNDONE(4, 2)))
#define ALONE(n, d) (inHand[n] && WAITS_FOR(n, d) && !WAITS_FOR(n, 3 - d) && !(n == 0 && UNDONE(0, 0)))

active proctype FullWindow() {
  ready;
end_idle:
  do
#if defined(FAULT_FILL_NONE)
  :: false
#elif defined(FAULT_FILL_ALONE)
  :: d_step { FULL && !open[1] && ALONE(0, 1) && ALONE(1, 1) -> open[1] = true }
  :: d_step { FULL && !open[2] && ALONE(0, 2) && ALONE(1, 2) -> open[2] = true }
#else
  :: d_step { FULL && form[1] == SLOW && !open[1] && OLDEST_WAITS(1) -> open[1] = true }
  :: d_step { FULL && form[2] == SLOW && !open[2] && OLDEST_WAITS(2) -> open[2] = true }
#endif
  od
}

#ifndef NO_CRASH
active proctype Crash() {
  byte p;
  ready;
  if
  :: true /* no crash */
  :: atomic {
       crashes = 1;
       p = 0;
       do
       :: p < PARTS ->
            if :: part[p] == inFlight && form[DESTINATION(p)] != REFUSES -> arrive(p) :: true fi; /* may have arrived */
            part[p] = idle;
            p++
       :: else -> break
       od;
       d_step {
         p = 0;
         do
         :: p < 3 -> inHand[p] = false; open[p] = false; unconfirmed[p] = 0; p++
         :: else -> break
         od;
         connectionStopped = false; p = 0
       }
     }
  fi
}
#endif

init {
  byte d;
  atomic {
    overflowUsable[0] = true;
    overflowUsable[2] = true;
    if :: overflowUsable[1] = true :: true fi;
    d = 1;
    do
    :: d < DESTINATIONS ->
         if :: form[d] = WELL :: form[d] = REFUSES :: form[d] = SILENT :: form[d] = SLOW fi;
         d++
    :: else -> break
    od;
    d = 0;
    run Sender(0);
    run Sender(1);
    run Sender(2);
    run Destination(0);
    run Destination(1);
    run Destination(2);
    ready = true
  }
}

#ifdef LIVENESS
/* Time goes on when nothing else does: spin's weak fairness overlooks cycles of the formula alone. */
bit clock;
active proctype Clock() { do :: clock = 0 od }
#endif

ltl healthy { <> (arrived[0] > 0 && arrived[5] > 0) }
ltl finished { <> (ready && (form[1] == SLOW || form[2] == SLOW || (acked[0] && acked[1] && acked[2]))) }
