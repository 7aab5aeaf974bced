import { useRouteError } from 'react-router';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';

/** The console itself failed: after an upgrade a page's script may be gone, for which loading anew is the cure. */
export function RouteErrorPage() {
  const error = useRouteError();
  return (
    <main className="page">
      <h1>The console failed</h1>
      <ProblemNote error={error} what="This page can’t be shown." />
      <div>
        <Button look="primary" onClick={() => window.location.reload()}>
          Load it anew
        </Button>
      </div>
    </main>
  );
}
