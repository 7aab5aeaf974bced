import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button';

interface PanelFrameProps {
  readonly title: ReactNode;
  readonly kind: string;
  onClose(): void;
  readonly children: ReactNode;
}

/** The panel beside the graph, with details of the selected item. */
export function PanelFrame({ title, kind, onClose, children }: PanelFrameProps) {
  return (
    <section className="overview-panel" aria-label={kind}>
      <header>
        <div>
          <h2 className="break">{title}</h2>
          <p className="muted">{kind}</p>
        </div>
        <Button variant="bare" small icon aria-label="Close" onClick={onClose}>
          <X size={15} aria-hidden />
        </Button>
      </header>
      {children}
    </section>
  );
}
