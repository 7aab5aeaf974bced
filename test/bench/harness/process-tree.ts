import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc/PID/stat: the same on every Linux that Node supports. */
const TICKS_PER_SECOND = 100;

interface ProcessState {
  readonly parent: number;
  /** CPU time of the process and its ended children, s. */
  readonly cpuSeconds: number;
}

/** CPU time of a process and its descendants, ended ones included, s. 0 if the process has ended. */
export function cpuSecondsOf(root: number): number {
  let sum = 0;
  for (const pid of treeOf(root)) sum += stateOf(pid)?.cpuSeconds ?? 0;
  return sum;
}

/** Resident memory of a process and its descendants, bytes. Shared pages (PostgreSQL's buffers) count once. */
export function residentBytesOf(root: number): number {
  let anonymous = 0;
  let maxShared = 0;
  for (const pid of treeOf(root)) {
    const status = read(`/proc/${pid}/status`) ?? '';
    const own = kiloBytes(status, 'RssAnon');
    anonymous += own;
    maxShared = Math.max(maxShared, kiloBytes(status, 'VmRSS') - own);
  }
  return (anonymous + maxShared) * 1024;
}

/** The direct children of a process whose command line contains `text`. */
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
  // The second field is the program's name in parentheses, which may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
}

function kiloBytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/** Undefined if the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
