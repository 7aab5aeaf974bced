/** Messages from the harness to a program. */
export type ToProgram =
  | { readonly kind: 'go' }
  | { readonly kind: 'setPaused'; readonly isPaused: boolean }
  | { readonly kind: 'stop' };

/** Messages from a program to the harness. */
export interface FromProgram {
  readonly kind: 'ready' | 'done';
  readonly figures?: Readonly<Record<string, number>>;
}
