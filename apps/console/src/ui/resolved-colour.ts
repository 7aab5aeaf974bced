/** A colour of the palette as the browser has worked it out for the present theme: canvases know no variables. */
export function resolvedColour(variable: string, beside: HTMLElement): string {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.color = `var(${variable})`;
  beside.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
