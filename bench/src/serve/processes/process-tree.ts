/** What a process and its descendants use, from /proc. Linux only: elsewhere there are no readings. */
import { readdirSync, readFileSync } from "node:fs";

export interface TreeReading {
  /** Resident memory of all of them together; pages that they share count for each. */
  readonly residentBytes: number;
  /** Processor time since each began, user and system, in steps of 10 ms. */
  readonly processorMs: number;
}

/** Linux counts processor time in hundredths of a second, whatever its kernel's own clock. */
const msPerTick = 10;

/** Undefined where there is no /proc, or no such process. */
export function readTree(pid: number): TreeReading | undefined {
  const all = readProcesses();
  if (!all.has(pid)) return undefined;
  const members = [pid];
  for (const member of members) {
    for (const [child, { parent }] of all) if (parent === member) members.push(child);
  }
  return {
    residentBytes: sum(members.map(readResident)),
    processorMs: sum(members.map((member) => all.get(member)!.ticks)) * msPerTick,
  };
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
}

function readProcesses(): ReadonlyMap<number, ProcessStat> {
  const found = new Map<number, ProcessStat>();
  for (const name of listProc()) {
    const stat = readText(`/proc/${name}/stat`);
    if (stat === undefined) continue;
    // The program's name, in brackets, may hold anything; fields are counted after it. See proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    found.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  return found;
}

function listProc(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readResident(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`) ?? "")?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

/** Undefined for a process that has gone meanwhile. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
