import './button.css';
import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Default: an outlined one. */
  readonly look?: 'primary' | 'danger' | 'bare';
  readonly small?: boolean;
  /** It shows an icon only, and must carry an `aria-label`. */
  readonly icon?: boolean;
}

/** A button; it submits a form only if `type` says so. */
export function Button({ look, small, icon, className, ...rest }: ButtonProps) {
  const classes = ['button', look && `button-${look}`, small && 'button-small', icon && 'button-icon', className];
  return <button type="button" {...rest} className={classes.filter(Boolean).join(' ')} />;
}
