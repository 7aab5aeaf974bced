import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'dbem.theme';
const listeners = new Set<() => void>();
let theme = (localStorage.getItem(KEY) ?? 'system') as Theme;

/** Applies the chosen theme to the page; called before the first render. */
export function applyTheme(): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
}

/** Applies the theme and stores the choice in this browser. */
export function chooseTheme(chosen: Theme): void {
  theme = chosen;
  localStorage.setItem(KEY, chosen);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => theme,
  );
}
