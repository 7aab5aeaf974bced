/** A palette colour as resolved for the current theme: canvases don't support CSS variables. */
export function resolvedColour(variable: string, parent: HTMLElement): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${variable})`;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
