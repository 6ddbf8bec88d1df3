import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the machine lacks, and what to do about it. */
export class MissingPythonError extends Error {
  override name = 'MissingPythonError';
}

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
// The oldest that the pinned packages run on.
const OLDEST = [3, 11] as const;
const REMEDY = `\
npm run test:e2e needs Python ${OLDEST.join('.')} or later with the module "venv", as python3 on the PATH:
  Debian, Ubuntu   apt install python3 python3-venv
  Fedora, Amazon   dnf install python3
  macOS            brew install python
  Windows          not supported: run it in WSL`;

/**
 * The Python of a virtual environment in `cache` that holds moto, made on first use and again when the requirements change.
 * @throws {MissingPythonError} if there is no usable Python, or pip cannot reach a package index.
 */
export function motoPython(cache: string): string {
  const folder = join(cache, 'moto-venv');
  const python = join(folder, 'bin', 'python');
  const installed = join(folder, 'installed.txt');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python;

  requirePython();
  console.log('making a Python virtual environment for moto (once, about a minute) …');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  run('python3', ['-m', 'venv', folder], REMEDY);
  run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS],
    'pip could not install moto: it needs a Python package index (pip’s own settings apply, such as PIP_INDEX_URL).',
  );
  writeFileSync(installed, wanted);
  return python;
}

function requirePython(): void {
  const { status, stdout } = spawnSync(
    'python3',
    ['-c', 'import sys; print(sys.version_info.major, sys.version_info.minor)'],
    { encoding: 'utf8' },
  );
  const [major = 0, minor = 0] = status === 0 ? stdout.trim().split(' ').map(Number) : [];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    const found = status === 0 ? `python3 is ${major}.${minor}` : 'there is no python3';
    throw new MissingPythonError(`${found}\n${REMEDY}`);
  }
}

function run(command: string, args: readonly string[], remedy: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new MissingPythonError(`${stdout ?? ''}${stderr ?? ''}\n${remedy}`);
}
