/** A program that uses the package by its name: `use-package.mjs COMMAND SOURCE DESTINATION OPTIONS`. */
import { sync, verify } from 'efs-sync';

const [command, source, destination, options] = process.argv.slice(2);
const run = command === 'verify' ? verify : sync;
const { report, exitStatus } = await run(Buffer.from(source), destination, JSON.parse(options));
const differing = report.verdicts.map(({ path }) => path);
console.log(JSON.stringify({ status: report.outcome.status, exitStatus, differing }));
