import { Monitor, Moon, Sun } from 'lucide-react';
import { Segmented } from '../ui/segmented';
import { chooseTheme, type Theme, useTheme } from '../ui/theme';

const OPTIONS = [
  ['system', 'system', Monitor],
  ['light', 'light', Sun],
  ['dark', 'dark', Moon],
] as const;

/** Light, dark, or the system's theme. */
export function ThemeSwitch() {
  return (
    <Segmented<Theme>
      label="Theme"
      value={useTheme()}
      onChange={chooseTheme}
      options={OPTIONS.map(([theme, name, Icon]) => [
        theme,
        <span key={theme} className="row" title={name}>
          <Icon size={14} aria-hidden />
          <span className="hidden-visually">{name}</span>
        </span>,
      ])}
    />
  );
}
