/** Speed without the work counts for nothing: each contender's result is looked at after its warm-up. */
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { differingContents } from './parallel.ts';
import { complains, runCommand } from './run-command.ts';
import type { Command, Contender, Places } from './scenario.ts';

const SHOWN_CHARACTERS = 1000;

/** Compares content byte by byte, and metadata. */
export function guardCopied(contender: Contender, places: Places): void {
  guardMetadata(contender, places);
  refuse(contender, differingContents(places.source, places.destination));
}

/** Compares names, sizes, modes, owners and times, for scenarios that are not about content. */
export function guardMetadata(contender: Contender, places: Places): void {
  const listed = listDifferences(places, []) + (places.network ? '' : listExactTimes(places));
  refuse(contender, contender.keepsDirectoryMetadata ? listed : listed.replaceAll(/^\.d.*\n/gm, ''));
}

/**
 * Local file systems keep nanoseconds, but not every server does. Directories are ignored, because rsync
 * leaves a time that is right to the second, even in a directory that it has just created.
 */
function listExactTimes(places: Places): string {
  return listDifferences(places, ['--modify-window=-1']).replaceAll(/^\.d\.\.t\.{6} .*\n/gm, '');
}

function listDifferences({ source, destination }: Places, options: readonly string[]): string {
  return runCommand('rsync', '-ani', '--delete', ...options, `${source}/`, `${destination}/`);
}

/** The comparison must accept equal trees, and find one changed byte. */
export function guardNoticed(contender: Contender, places: Places): void {
  const isNoticed = () => contender.commands(places).some(complains);
  if (isNoticed()) throw new Error(`${contender.name} found a difference between equal trees`);
  const name = runCommand('find', places.source, '-type', 'f', '-size', '+0', '-printf', '%P', '-quit');
  const restoreTime: Command = ['touch', '-r', `${places.source}/${name}`, `${places.destination}/${name}`];
  const flip = () => {
    flipMiddleByte(`${places.destination}/${name}`);
    runCommand(...restoreTime);
  };
  flip();
  const noticed = isNoticed();
  flip();
  if (!noticed) throw new Error(`${contender.name} did not notice a wrong byte in ${name}`);
}

export function guardNothing(): void {}

function refuse({ name }: Contender, differences: string): void {
  if (differences === '') return;
  throw new Error(`${name} did not copy everything:\n${differences.slice(0, SHOWN_CHARACTERS)}`);
}

function flipMiddleByte(path: string): void {
  const middle = Math.floor(statSync(path).size / 2);
  const fd = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, middle);
  byte.writeUInt8(byte.readUInt8() ^ 0xff);
  writeSync(fd, byte, 0, 1, middle);
  closeSync(fd);
}
