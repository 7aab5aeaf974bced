import './empty-state.css';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** Whether this is expected, and how to get content here. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** Explains why there is nothing to show, and what to do about it. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      <Icon size={22} strokeWidth={1.6} aria-hidden />
      <h3>{title}</h3>
      <p>{children}</p>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
