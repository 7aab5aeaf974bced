import { useRouteError } from 'react-router';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';

/** Shown when the console itself fails. After an upgrade a page's script may no longer exist; reloading fixes that. */
export function RouteErrorPage() {
  const error = useRouteError();
  return (
    <main className="page">
      <h1>Something went wrong</h1>
      <ProblemNote error={error} what="This page can’t be displayed." />
      <div>
        <Button variant="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </div>
    </main>
  );
}
