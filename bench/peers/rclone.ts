/** rclone between local paths. Versions before 1.66 keep nothing of a directory but its name. */
import { availableParallelism } from 'node:os';
import type { Contender, Places } from '../scenario.ts';
import { inTurn } from './in-turn.ts';

const NETWORK_LANES = 64;
const LANES_PER_CORE = 4;
/** Streams for one large file, which rclone uses between local paths only if asked. */
const NETWORK_STREAMS = 16;

/** --ignore-checksum stops rclone from reading each copy again, because these scenarios do not verify. */
export const RCLONE: Contender = {
  name: 'rclone sync',
  programs: ['rclone'],
  commands: (places) => {
    const { source, destination, network } = places;
    const streams = network ? NETWORK_STREAMS : availableParallelism();
    const kept = ['--metadata', '--create-empty-src-dirs', '--ignore-checksum'];
    const parallel = ['--transfers', lanes(places), '--multi-thread-streams', `${streams}`];
    return [['rclone', 'sync', ...common(places), ...kept, ...parallel, source, destination]];
  },
  keepsDirectoryMetadata: false,
};

const RCLONE_COMPARISON: Contender = {
  name: 'rclone check',
  programs: ['rclone'],
  commands: (places) => [
    ['rclone', 'check', ...common(places), '--download', places.source, places.destination],
  ],
  keepsDirectoryMetadata: false,
};

export const RCLONE_VERIFIED = inTurn(RCLONE, RCLONE_COMPARISON);

/** Ignores the user's configuration, which would change the result. */
function common(places: Places): string[] {
  return ['--quiet', '--config', '', '--links', '--checkers', lanes(places)];
}

function lanes({ network }: Places): string {
  return `${network ? NETWORK_LANES : LANES_PER_CORE * availableParallelism()}`;
}
