/** What the harness tells a program. */
export type ToProgram =
  | { readonly kind: 'go' }
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  | { readonly kind: 'stop' };

/** What a program tells the harness. */
export interface FromProgram {
  readonly kind: 'ready' | 'done';
  readonly figures?: Readonly<Record<string, number>>;
}
