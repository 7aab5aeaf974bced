import { SearchX } from 'lucide-react';
import { Link } from 'react-router';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';

export function NotFoundPage() {
  return (
    <Page title="No such page" note="The address leads nowhere.">
      <EmptyState
        icon={SearchX}
        title="There is nothing here"
        actions={
          <Link className="button" to="/">
            To the overview
          </Link>
        }
      >
        The console has no page at this address. The link may be of another version.
      </EmptyState>
    </Page>
  );
}
