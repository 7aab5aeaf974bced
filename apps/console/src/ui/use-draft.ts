import { useEffect, useRef, useState } from 'react';

/**
 * The text of a field whose value is stored elsewhere and comes back with a delay, for example from the URL. Without
 * it, letters typed in the meantime would be lost. A value from another source replaces the text.
 */
export function useDraft(value: string, commit: (value: string) => void): readonly [string, (value: string) => void] {
  const [draft, setDraft] = useState(value);
  const pending = useRef<string[]>([]);
  useEffect(() => {
    const index = pending.current.lastIndexOf(value);
    if (index < 0) setDraft(value);
    // Drops this value and the earlier ones, which it replaced.
    pending.current.splice(0, index + 1);
  }, [value]);
  const type = (typed: string) => {
    pending.current.push(typed);
    setDraft(typed);
    commit(typed);
  };
  return [draft, type];
}
