import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/PID/stat in a second: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessState {
  readonly parent: number;
  /** CPU time of the process and of its children that have ended, s. */
  readonly cpuSeconds: number;
}

/** CPU time of a process and of all below it, those included that have ended, s. 0 if it is gone. */
export function cpuSecondsOf(root: number): number {
  let sum = 0;
  for (const pid of treeOf(root)) sum += stateOf(pid)?.cpuSeconds ?? 0;
  return sum;
}

/** Resident memory of a process and of all below it, bytes. Pages that several share (PostgreSQL's buffers) count once. */
export function residentBytesOf(root: number): number {
  let anonymous = 0;
  let mostShared = 0;
  for (const pid of treeOf(root)) {
    const status = read(`/proc/${pid}/status`) ?? '';
    const own = kiloBytes(status, 'RssAnon');
    anonymous += own;
    mostShared = Math.max(mostShared, kiloBytes(status, 'VmRSS') - own);
  }
  return (anonymous + mostShared) * 1024;
}

/** The direct children of a process whose command line holds `text`. */
export function childrenOf(parent: number, text: string): number[] {
  return allPids().filter(
    (pid) =>
      stateOf(pid)?.parent === parent && (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').includes(text),
  );
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of allPids()) {
    const parent = stateOf(pid)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function stateOf(pid: number): ProcessState | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets, which may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
}

function kiloBytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/** Undefined if the process is gone. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
