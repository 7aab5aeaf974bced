import './toasts.css';
import { Check } from 'lucide-react';
import { useSyncExternalStore } from 'react';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const DURATION_MS = 6_000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows for a few seconds that something has been done; screen readers read it out. */
export function showToast(text: string): void {
  lastId += 1;
  const toast = { id: lastId, text };
  set([...toasts, toast]);
  setTimeout(() => set(toasts.filter((one) => one !== toast)), DURATION_MS);
}

/** Displays the current toasts; used once per page. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <p key={id}>
          <Check size={15} aria-hidden />
          {text}
        </p>
      ))}
    </div>
  );
}
