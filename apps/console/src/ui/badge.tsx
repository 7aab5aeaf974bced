import './badge.css';
import type { ReactNode } from 'react';
import type { Tone } from './tone';

interface BadgeProps {
  readonly tone?: Tone;
  /** Without the state symbol, for texts that are not a state. */
  readonly plain?: boolean;
  readonly children: ReactNode;
}

/** A label for a state, in one or two words. */
export function Badge({ tone = 'idle', plain, children }: BadgeProps) {
  return <span className={`badge badge-${tone}${plain ? ' badge-plain' : ''}`}>{children}</span>;
}
