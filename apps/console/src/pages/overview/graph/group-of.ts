/** The group of a service: its name up to the first dot, hyphen, underscore or digit. */
export function groupOf(service: string): string {
  return /^[^.\-_\d]+/.exec(service)?.[0] ?? service;
}
