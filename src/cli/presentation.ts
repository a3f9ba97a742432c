/** What the user is to see, which is no business of the engine's. */
import type { Options } from './options.ts';

export interface Presentation {
  readonly command: 'sync' | 'verify';
  /** Lines for changes: rsync's letters and path, path alone, or none. */
  readonly listing: 'itemized' | 'paths' | 'none';
  readonly quiet: boolean;
  readonly json: boolean;
  readonly stats: boolean;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly logFile: string | undefined;
  readonly reportFile: string | undefined;
  readonly metricsFile: string | undefined;
  readonly embeddedMetricsFile: string | undefined;
  readonly manifestFile: string | undefined;
}

export function resolvePresentation(command: Presentation['command'], options: Options): Presentation {
  return Object.freeze({
    command,
    listing: listingOf(options),
    quiet: options.quiet ?? false,
    json: options.json ?? false,
    stats: options.stats ?? false,
    progress: (options.progress ?? false) || (options.P ?? false),
    color: options.color ?? 'auto',
    logFile: options.logFile,
    reportFile: options.report,
    metricsFile: options.metrics,
    embeddedMetricsFile: options.emf,
    manifestFile: options.manifest,
  });
}

/** A dry run that listed nothing would say nothing: it is itemized unless `-v` asks for paths. */
function listingOf(options: Options): Presentation['listing'] {
  if (options.quiet || options.json) return 'none';
  if (options.itemizeChanges) return 'itemized';
  if (options.verbose) return 'paths';
  return options.dryRun ? 'itemized' : 'none';
}
