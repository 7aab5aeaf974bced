import './badge.css';
import type { ReactNode } from 'react';
import type { Tone } from './tone';

interface BadgeProps {
  readonly tone?: Tone;
  /** Without the mark in front, for what is no state. */
  readonly plain?: boolean;
  readonly children: ReactNode;
}

/** A state in a word or two. */
export function Badge({ tone = 'idle', plain, children }: BadgeProps) {
  return <span className={`badge badge-${tone}${plain ? ' badge-plain' : ''}`}>{children}</span>;
}
