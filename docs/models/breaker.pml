/*
 * The circuit breaker of one destination in one manager. Closed: new events are published to the destination. Open:
 * events in flight, whose outcome is unknown, go to the overflow queue, then those that wait, then new ones. The
 * manager consumes the overflow queue as long as it lives, one event at a time, and publishes its head to the
 * destination: while the breaker is open that publish is the probe (half-open), while it is closed it is the way
 * back. A confirm of the head acknowledges it and closes the breaker. If the deadline passes, the head stays
 * outstanding: its late confirm still counts, and it is not published again unless it was refused; then it goes to
 * the end of the overflow queue. Receivers have a version gate: order is not required.
 *
 * The destination is well, or takes one of these forms, and becomes well again or not:
 *   REFUSES            refuses each publish
 *   SILENT             nothing arrives and nothing is confirmed (no leader); what is in flight arrives if it becomes
 *                      well
 *   LATE               all arrives at once, and is confirmed only after the deadline
 *   MUTE               the connection does not answer; the destination itself is well
 *
 * Proves (assert):
 *   ACKED_IS_SAFE      an event that is acknowledged is in the destination or in the overflow queue
 *   MOVED_IS_SAFE      an event that is acknowledged to the overflow queue is in the destination
 *   BOUNDED_REPEATS    the destination gets an event at most 1 + breaks + crashes times
 *   NO_FALSE_OPEN      the breaker does not open because the connection does not answer
 * Proves (ltl, weak fairness):
 *   arrives            if the destination ends up well, every event arrives, the overflow queue stays empty, the
 *                      breaker closed (with POISON: all but the event that the destination always refuses)
 *   intake_free        unless the connection stays mute, every event is acknowledged at the intake, also if the
 *                      destination never becomes well
 *
 * Bounds: 3 events, 2 breaks, 1 crash, window of 3 events, any number of probes.
 * Variant POISON: the destination is well and always refuses event 0.
 *
 * Faults (FAULT_…):
 *   UNKNOWN_DROPPED    what is in flight when the breaker opens counts as sent
 *   DEADLINE_ALWAYS    the deadline counts while the connection does not answer
 *   PROBE_AGAIN        the head is published again after each deadline
 *   PROBE_NEW          a new event is the probe, and waits for the probe's outcome
 *   ACK_BEFORE         the head is acknowledged to the overflow queue when it is published
 *   MOVED_AT_ONCE      the head is acknowledged to the overflow queue whatever its outcome is
 *   STOP_AT_CLOSE      when the breaker closes, the overflow queue is no longer consumed
 *   START_BLIND        a manager that starts does not look for an existing overflow queue
 *   HEAD_STAYS         (with POISON) a refused head is published again and again, instead of going to the end
 */
/* Always 0: names the property in the message of the checker. */
hidden byte BOUNDED_REPEATS, ACKED_IS_SAFE, NO_FALSE_OPEN, MOVED_IS_SAFE;

#define N 3
#define BREAKS 2
#define NOTHING 9
#define WELL 0
#define REFUSES 1
#define SILENT 2
#define LATE 3
#define MUTE 4

mtype = { atIntake, waiting, inFlight, landed, unknown, acked };
mtype event[N] = atIntake; /* the manager's memory; landed: arrived, not confirmed */
byte stray[N];             /* publishes that the manager has given up and that may still arrive */
byte arrived[N];
byte overflowed[N];        /* in the overflow queue, a head that is delivered and not acknowledged included */
chan overflow = [N + 3] of { byte };
byte head = NOTHING;
mtype headIs = waiting;
bool open, consuming = true;
byte form = WELL, breaks, crashes;

#define SAFE(i) (arrived[i] > 0 || overflowed[i] > 0)
#ifdef POISON
#define TAKES(i) ((i) != 0)
#else
#define TAKES(i) true
#endif

inline arrive(i) { arrived[i]++; assert(BOUNDED_REPEATS || (arrived[i] <= 1 + BREAKS + 1)) }
inline ack(i) { event[i] = acked; assert(ACKED_IS_SAFE || (SAFE(i))) }

inline opens() {
  assert(NO_FALSE_OPEN || (form != MUTE));
  open = true; consuming = true;
  j = 0;
  do
#ifdef FAULT_UNKNOWN_DROPPED
  :: j < N && event[j] == inFlight -> stray[j]++; ack(j); j++
#else
  :: j < N && event[j] == inFlight -> stray[j]++; event[j] = unknown; j++
#endif
  :: j < N && event[j] == landed -> event[j] = unknown; j++
  :: j < N && event[j] != inFlight && event[j] != landed -> j++
  :: else -> break
  od;
  j = 0
}

#define ANY(state) (event[0] == state || event[1] == state || event[2] == state)
#define ALL_ACKED (event[0] == acked && event[1] == acked && event[2] == acked)
#ifdef POISON
#define ALL_ARRIVED (arrived[1] > 0 && arrived[2] > 0)
#else
#define ALL_ARRIVED (arrived[0] > 0 && arrived[1] > 0 && arrived[2] > 0)
#endif

active proctype Intake() {
  byte i;
end_idle:
  do
  :: d_step { ANY(atIntake) ->
       i = 0;
       do :: i < N && event[i] != atIntake -> i++ :: else -> break od;
       event[i] = waiting; i = 0 }
  od
}

#ifdef FAULT_PROBE_NEW
#define PROBING (head != NOTHING)
#else
#define PROBING true
#endif

active proctype Sender() {
  byte i;
end_idle:
  do
  :: d_step { !open && ANY(waiting) ->
       i = 0;
       do :: i < N && event[i] != waiting -> i++ :: else -> break od;
       event[i] = inFlight; i = 0 }
  :: d_step { ANY(unknown) -> /* first those with an unknown outcome */
       i = 0;
       do :: i < N && event[i] != unknown -> i++ :: else -> break od;
       overflow!i; overflowed[i]++; ack(i); i = 0 }
#ifdef FAULT_PROBE_NEW
  :: d_step { open && head == NOTHING && ANY(waiting) ->
       i = 0;
       do :: i < N && event[i] != waiting -> i++ :: else -> break od;
       event[i] = inFlight; head = N; i = 0 }
  :: d_step { open && head == N && !ANY(inFlight) && !ANY(landed) -> head = NOTHING; open = false }
#endif
  :: d_step { open && !ANY(unknown) && ANY(waiting) && PROBING ->
       i = 0;
       do :: i < N && event[i] != waiting -> i++ :: else -> break od;
       overflow!i; overflowed[i]++; ack(i); i = 0 }
  od
}

inline confirmHead() { /* a confirm */
  overflowed[head]--;
  assert(MOVED_IS_SAFE || (arrived[head] > 0));
  head = NOTHING; headIs = waiting; open = false;
#ifdef FAULT_STOP_AT_CLOSE
  consuming = false
#endif
}

active proctype Mover() {
end_idle:
  do
#ifdef FAULT_PROBE_NEW
  :: d_step { consuming && !open && head == NOTHING && nempty(overflow) -> overflow?head; headIs = inFlight }
#else
  :: d_step { consuming && head == NOTHING && nempty(overflow) -> overflow?head; headIs = inFlight }
#endif
#ifdef FAULT_HEAD_STAYS
  :: d_step { head < N && headIs == waiting -> headIs = inFlight }
#endif
  od
}

/* Outcomes: of the manager's events, of the head, of what was given up. */
#define EVENT_OUTCOMES(n) \
  :: d_step { form == WELL && TAKES(n) && event[n] == inFlight -> arrive(n); ack(n) } \
  :: d_step { form == WELL && event[n] == landed -> ack(n) } \
  :: d_step { form == LATE && event[n] == inFlight -> arrive(n); event[n] = landed } \
  :: d_step { (form == REFUSES || (form == WELL && !TAKES(n))) && event[n] == inFlight -> \
       event[n] = unknown; opens() } \
  :: d_step { (form == WELL || form == LATE) && TAKES(n) && stray[n] > 0 -> stray[n]--; arrive(n) } \
  :: d_step { (form == REFUSES || !TAKES(n)) && stray[n] > 0 -> stray[n]-- }

active proctype Destination() {
  byte j;
end_idle:
  do
  EVENT_OUTCOMES(0)
  EVENT_OUTCOMES(1)
  EVENT_OUTCOMES(2)
  :: d_step { form == WELL && head < N && headIs == inFlight && TAKES(head) -> arrive(head); confirmHead() }
  :: d_step { (form == WELL || form == LATE) && head < N && headIs == landed -> confirmHead() }
  :: d_step { form == LATE && head < N && headIs == inFlight -> arrive(head); headIs = landed }
  :: d_step { (form == REFUSES || (form == WELL && !TAKES(head))) && head < N && headIs == inFlight ->
       if :: !open -> opens() :: else fi;
#if defined(FAULT_MOVED_AT_ONCE)
       confirmHead()
#elif defined(FAULT_HEAD_STAYS)
       headIs = waiting
#else
       overflow!head; head = NOTHING; headIs = waiting
#endif
     }
  od
}

/* Whatever has no outcome yet is overdue, in each form of the destination. */
#define OVERDUE (form == REFUSES || form == SILENT || form == LATE || FALSE_ALARM)
#ifdef FAULT_DEADLINE_ALWAYS
#define FALSE_ALARM (form == MUTE)
#else
#define FALSE_ALARM false
#endif

active proctype Deadline() {
  byte j;
end_idle:
  do
  :: d_step { OVERDUE && !open && (ANY(inFlight) || ANY(landed) || head < N) -> opens() }
#ifdef FAULT_PROBE_AGAIN
  :: d_step { OVERDUE && open && head < N && stray[head] < 3 ->
       if :: headIs == inFlight -> stray[head]++ :: else fi;
       overflow!head; head = NOTHING; headIs = waiting }
#endif
  od
}

active proctype Environment() {
end_idle:
  do
  :: form == WELL && breaks < BREAKS ->
       if
       :: d_step { form == WELL -> breaks++; form = REFUSES }
       :: d_step { form == WELL -> breaks++; form = SILENT }
       :: d_step { form == WELL -> breaks++; form = LATE }
       :: d_step { form == WELL -> breaks++; form = MUTE }
       :: break
       fi
  :: form != WELL -> if :: form = WELL :: break fi
  od
}

active proctype Crash() {
  byte i;
end_idle:
  if
  :: true /* no crash */
  :: atomic {
       crashes = 1;
       i = 0;
       do
       :: i < N ->
            if
            :: event[i] == inFlight -> stray[i]++
            :: true /* lost with the connection, or nothing in flight */
            fi;
            if :: event[i] != acked -> event[i] = atIntake :: else fi;
            i++
       :: else -> break
       od;
       if
       :: head < N ->
            if :: headIs == inFlight -> stray[head]++ :: true fi;
#ifndef FAULT_ACK_BEFORE
            overflow!head;
#endif
       :: else
       fi;
       head = NOTHING; headIs = waiting; open = false; i = 0;
#ifdef FAULT_START_BLIND
       consuming = false
#else
       consuming = true
#endif
     }
  fi
}

#ifdef LIVENESS
/* Time goes on when nothing else does: spin's weak fairness overlooks cycles of the formula alone. */
bit clock;
active proctype Clock() { do :: clock = 0 od }
#endif

#define ENDS_WELL (<> [] (form == WELL))
#define CALM (ALL_ACKED && ALL_ARRIVED && len(overflow) == 0 && head == NOTHING && !open)
#ifdef POISON
ltl arrives { ENDS_WELL -> (<> (ALL_ACKED && ALL_ARRIVED)) }
#else
ltl arrives { ENDS_WELL -> (<> [] CALM) }
#endif
ltl intake_free { (<> [] (form != MUTE)) -> (<> ALL_ACKED) }
