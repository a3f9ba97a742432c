/** How output is presented to the user; the engine does not know it. */
import type { ByteString } from '../model/byte-string.ts';

export interface Presentation {
  readonly command: 'sync' | 'verify';
  /** Lines for changes: rsync's letters and path, path alone, as `outFormat` says, or none. */
  readonly listing: 'itemized' | 'paths' | 'formatted' | 'none';
  readonly outFormat: ByteString | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly stats: boolean;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly logFile: ByteString | undefined;
  readonly reportFiles: readonly string[];
  readonly metricsFile: ByteString | undefined;
  readonly embeddedMetricsFile: ByteString | undefined;
  readonly manifestFile: ByteString | undefined;
}

export const DEFAULT_PRESENTATION: Omit<Presentation, 'command'> = Object.freeze({
  listing: 'none',
  outFormat: undefined,
  quiet: false,
  json: false,
  stats: false,
  progress: false,
  color: 'auto',
  logFile: undefined,
  reportFiles: [],
  metricsFile: undefined,
  embeddedMetricsFile: undefined,
  manifestFile: undefined,
});
