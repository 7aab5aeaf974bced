/** What a state means for whoever looks; each has its colour, and never only its colour. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';
