import { NavLink } from 'react-router';
import { useTroubleCounts } from '../live/use-trouble-counts';
import { plural } from '../ui/format';
import { PAGES } from './pages';

/** Links to the pages; Overview shows the number of troubles, Parked the number of parked events. */
export function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  const { troubles, worst, parked } = useTroubleCounts();
  const countOf = (path: string) => {
    if (path === '/' && troubles > 0) return [troubles, worst, plural(troubles, 'trouble')] as const;
    if (path === '/parked' && parked > 0) return [parked, 'warn', plural(parked, 'parked event')] as const;
    return undefined;
  };
  return (
    <nav aria-label="Pages">
      {PAGES.map(([group, links]) => (
        <div className="side-group" key={group}>
          <h2>{group}</h2>
          <ul>
            {links.map(({ path, name, icon: Icon }) => {
              const count = countOf(path);
              return (
                <li key={path}>
                  <NavLink to={path} end={path === '/'} className="side-link" onClick={onNavigate}>
                    <Icon size={16} strokeWidth={1.75} aria-hidden />
                    {name}
                    {count !== undefined && (
                      <span className={`count count-${count[1]}`}>
                        <span aria-hidden>{count[0] > 999 ? '999+' : count[0]}</span>
                        <span className="hidden-visually">{count[2]}</span>
                      </span>
                    )}
                  </NavLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
