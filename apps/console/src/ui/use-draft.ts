import { useEffect, useRef, useState } from 'react';

/**
 * What is being typed, for a field whose value is kept elsewhere and comes back late, as from the page's address: without it
 * letters that are typed meanwhile would be lost. A value that did not come from here replaces what is typed.
 */
export function useDraft(value: string, commit: (value: string) => void): readonly [string, (value: string) => void] {
  const [draft, setDraft] = useState(value);
  const underway = useRef<string[]>([]);
  useEffect(() => {
    const place = underway.current.lastIndexOf(value);
    if (place < 0) setDraft(value);
    // Those before it were overtaken.
    underway.current.splice(0, place + 1);
  }, [value]);
  const type = (typed: string) => {
    underway.current.push(typed);
    setDraft(typed);
    commit(typed);
  };
  return [draft, type];
}
