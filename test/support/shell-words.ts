import { execFileSync } from 'node:child_process';

/** What a shell makes of a command that is pasted into it, word by word. */
export function shellWords(command: string): readonly string[] {
  const script = `set -- ${command}\nprintf '%s\\0' "$@"`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
