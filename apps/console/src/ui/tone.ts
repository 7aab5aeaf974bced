/** The meaning of a state. Each tone has a colour, but is never shown by colour alone. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';
