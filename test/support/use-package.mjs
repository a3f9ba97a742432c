/** A program that uses the package by its name: `use-package.mjs COMMAND SOURCE DESTINATION SETTINGS`. */
import { tmpdir } from 'node:os';
import { DEFAULT_SETTINGS, sync, verify } from 'efs-sync';

const [command, source, destination, settings] = process.argv.slice(2);
const directories = { stateDirectory: `${process.env.XDG_STATE_HOME}/api`, spoolDirectory: tmpdir() };
const task = {
  source,
  destination,
  settings: { ...DEFAULT_SETTINGS, ...directories, ...JSON.parse(settings) },
};
const reporter = new Proxy({}, { get: () => () => undefined });
const run = command === 'verify' ? verify : sync;
const report = await run(task, { reporter, signal: new AbortController().signal });
console.log(
  JSON.stringify({ status: report.outcome.status, differing: report.verdicts.map(({ path }) => path) }),
);
