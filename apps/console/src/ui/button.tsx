import './button.css';
import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Default: outlined. */
  readonly variant?: 'primary' | 'danger' | 'bare';
  readonly small?: boolean;
  /** Shows only an icon; requires an `aria-label`. */
  readonly icon?: boolean;
}

/** A button; submits a form only with `type="submit"`. */
export function Button({ variant, small, icon, className, ...rest }: ButtonProps) {
  const classes = ['button', variant && `button-${variant}`, small && 'button-small', icon && 'button-icon', className];
  return <button type="button" {...rest} className={classes.filter(Boolean).join(' ')} />;
}
