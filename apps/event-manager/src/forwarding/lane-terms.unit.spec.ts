import { ARRIVAL_HEADER, arrivalText, type Delivery } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { LaneTerms } from './lane-terms';

const ofTerm = (term: number) => standIn<Delivery>({ headers: { [ARRIVAL_HEADER]: arrivalText(term, 1) } });
const VERSIONED = standIn<Delivery>({ headers: {} });

describe('LaneTerms', () => {
  it('An event of an earlier term is late after one of a later term, in one call and in the next', () => {
    const terms = new LaneTerms();
    const deliveries = [ofTerm(1), ofTerm(2), VERSIONED, ofTerm(1), ofTerm(2)];
    expect(terms.late(deliveries)).toEqual([false, false, false, true, false]);
    terms.done(deliveries);
    expect(terms.late([ofTerm(1), ofTerm(2), VERSIONED])).toEqual([true, false, false]);
  });

  it('What stood before an event that is delivered again is not late', () => {
    const terms = new LaneTerms();
    const deliveries = [ofTerm(1), ofTerm(1), ofTerm(2)];
    terms.late(deliveries);
    // The second one failed.
    terms.done(deliveries.slice(0, 1));
    expect(terms.late(deliveries.slice(1))).toEqual([false, false]);
  });
});
