import type { Mode } from '../../../shared/model.ts';
import { type RendererName, renderers } from '../../../shared/notifications/index.ts';
import type { Args } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** What the flags of `replay` come to. */
export interface ReplaySettings {
  /** Instead of the spec's modes; null leaves them. */
  readonly mode: Mode | null;
  readonly channel: RendererName | null;
  readonly live: boolean;
}

/** @throws {UsageError} for values and combinations that mean nothing. */
export function replaySettings(args: Args<'mode' | 'show' | 'live' | 'apply' | 'account'>): ReplaySettings {
  const live = args.flag('live');
  const mode = modeFrom(args.text('mode'));
  if (!live && args.flag('apply'))
    throw new UsageError('replay: --apply is only for --live; offline, changes are made anyway');
  if (live && args.text('account') !== null)
    throw new UsageError('replay: --account is a start state, and --live has its own');
  if (live && mode === 'enforce' && !args.flag('apply'))
    throw new UsageError('replay: --live changes nothing without --apply');
  return {
    mode: live && !args.flag('apply') ? 'detect' : mode,
    channel: channelFrom(args.text('show')),
    live,
  };
}

function modeFrom(text: string | null): Mode | null {
  if (text === null || text === 'enforce' || text === 'detect') return text;
  throw new UsageError(`replay: --mode is enforce or detect, not "${text}"`);
}

function channelFrom(text: string | null): RendererName | null {
  if (text === null || isRendererName(text)) return text;
  throw new UsageError(`replay: --show is one of ${Object.keys(renderers).join(', ')}, not "${text}"`);
}

function isRendererName(text: string): text is RendererName {
  return Object.hasOwn(renderers, text);
}
