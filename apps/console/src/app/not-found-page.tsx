import { SearchX } from 'lucide-react';
import { Link } from 'react-router';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';

export function NotFoundPage() {
  return (
    <Page title="Page not found" note="This address does not exist.">
      <EmptyState
        icon={SearchX}
        title="Nothing here"
        actions={
          <Link className="button" to="/">
            Go to the overview
          </Link>
        }
      >
        The console has no page at this address. The link may come from another version.
      </EmptyState>
    </Page>
  );
}
